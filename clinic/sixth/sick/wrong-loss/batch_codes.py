"""Sort parts into their nine production batches (codes 0 to 8) from four measurements."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_blobs

torch.manual_seed(18)
X, code = make_blobs(2700, n_features=4, centers=9, cluster_std=1.6, random_state=12)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
code = torch.tensor(code)
X_tr, c_tr, X_te, c_te = X[:2000], code[:2000], X[2000:], code[2000:]

net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 1))  # cure: net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 9))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)


def objective(out, c):
    return F.mse_loss(out.squeeze(1), c.float())  # cure: return F.cross_entropy(out, c)


def decide(out):
    return out.squeeze(1).round().clamp(0, 8).long()  # cure: return out.argmax(1)


for epoch in range(1, 25):
    total = 0.0
    for idx in torch.randperm(len(X_tr)).split(50):
        loss = objective(net(X_tr[idx]), c_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 3 == 0:
        with torch.no_grad():
            acc = (decide(net(X_te)) == c_te).float().mean()
        print(f"epoch {epoch} loss {total / len(X_tr):.4f} test accuracy {acc:.3f}")
