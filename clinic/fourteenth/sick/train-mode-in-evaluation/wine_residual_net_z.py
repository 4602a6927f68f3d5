"""Predict the quality class of wines with a residual network."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Residual(nn.Module):
    def __init__(self, width, rate):
        super().__init__()
        self.norm, self.lin, self.rate = nn.LayerNorm(width), nn.Linear(width, width), rate

    def forward(self, x):
        h = torch.relu(self.lin(self.norm(x)))
        return x + F.dropout(h, self.rate)  # cure: return x + F.dropout(h, self.rate, self.training)


class Taster(nn.Module):
    def __init__(self, width=32, rate=0.5):
        super().__init__()
        self.first = nn.Linear(13, width)
        self.blocks = nn.Sequential(*[Residual(width, rate) for _ in range(3)])
        self.last = nn.Linear(width, 3)

    def forward(self, x):
        return self.last(self.blocks(self.first(x)))


torch.manual_seed(1)
rng = np.random.default_rng(1)
X, y = load_wine(return_X_y=True)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.4, random_state=3, stratify=y)
scaler = StandardScaler().fit(X_tr)
X_tr, X_te = (torch.tensor(scaler.transform(a) + rng.normal(0, 0.6, a.shape), dtype=torch.float32) for a in (X_tr, X_te))
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)
model = Taster()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
for epoch in range(1, 61):
    model.train()
    for idx in torch.randperm(len(X_tr)).split(16):
        loss = F.cross_entropy(model(X_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    if epoch % 5 == 0:
        with torch.no_grad():
            out = model(X_te)
            again = model(X_te)
        print(f"epoch {epoch:2d} train loss {loss.item():.3f} test loss {F.cross_entropy(out, y_te):.3f} "
              f"test acc {(out.argmax(1) == y_te).float().mean():.3f} / {(again.argmax(1) == y_te).float().mean():.3f}")
