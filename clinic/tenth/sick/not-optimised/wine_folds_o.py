"""Three-fold comparison on the wine data; the network starts afresh in every fold."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from torch import nn


class Net(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.n_in, self.n_out = n_in, n_out
        self.restart()

    def restart(self):
        self.body = nn.Sequential(nn.Linear(self.n_in, 32), nn.GELU())
        self.head = nn.Linear(32, self.n_out)

    def forward(self, x):
        return self.head(self.body(x))


torch.manual_seed(3)
X, y = load_wine(return_X_y=True)
net = Net(X.shape[1], 3)
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()
scores = []
for fold, (tr, te) in enumerate(StratifiedKFold(3, shuffle=True, random_state=0).split(X, y)):
    mean, std = X[tr].mean(0), X[tr].std(0)
    x_tr, x_te = (torch.tensor((X[i] - mean) / std, dtype=torch.float32) for i in (tr, te))
    y_tr, y_te = torch.tensor(y[tr]), torch.tensor(y[te])
    net.restart()
    # cure: optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    for epoch in range(20):
        total = 0.0
        for idx in torch.randperm(len(x_tr)).split(10):
            loss = loss_fn(net(x_tr[idx]), y_tr[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / len(x_tr)
        if epoch % 5 == 4:
            print(f"fold {fold} epoch {epoch + 1} loss {total:.4f}")
    with torch.no_grad():
        scores.append((net(x_te).argmax(1) == y_te).float().mean().item())
    print(f"fold {fold} accuracy {scores[-1]:.3f}")
print(f"mean accuracy {np.mean(scores):.3f}")
