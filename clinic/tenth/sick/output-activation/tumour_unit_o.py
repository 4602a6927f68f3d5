"""Benign or malignant (breast cancer data): one output unit that gives the probability."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split


class TumourModel(nn.Module):
    def __init__(self, n_features, hidden=(32, 16)):
        super().__init__()
        self.fc1 = nn.Linear(n_features, hidden[0])
        self.fc2 = nn.Linear(hidden[0], hidden[1])
        self.fc3 = nn.Linear(hidden[1], 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        x = self.drop(F.relu(self.fc1(x)))
        x = F.relu(self.fc2(x))
        return F.softmax(self.fc3(x), dim=1)  # cure: return torch.sigmoid(self.fc3(x))


torch.manual_seed(25)
raw = load_breast_cancer()
xa, xb, ya, yb = train_test_split(raw.data, raw.target, test_size=0.3, random_state=25, stratify=raw.target)
mu, sd = xa.mean(0), xa.std(0)
xa, xb = [torch.tensor((v - mu) / sd, dtype=torch.float32) for v in (xa, xb)]
ya, yb = [torch.tensor(v, dtype=torch.float32).view(-1, 1) for v in (ya, yb)]

model = TumourModel(xa.shape[1])
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
bce = nn.BCELoss()
for epoch in range(1, 16):
    model.train()
    perm = torch.randperm(len(xa))
    for start in range(0, len(xa), 20):
        rows = perm[start:start + 20]
        opt.zero_grad()
        loss = bce(model(xa[rows]), ya[rows])
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        p = model(xb)
        acc = ((p > 0.5).float() == yb).float().mean().item()
        print(f"epoch {epoch:2d} valid loss {bce(p, yb).item():.4f} valid acc {acc:.4f}")
