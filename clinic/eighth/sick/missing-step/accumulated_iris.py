"""Iris with an effective batch of 128 samples, collected from batches of 8."""
import torch
from sklearn.datasets import load_iris
from sklearn.preprocessing import scale
from torch import nn

BATCH, EFFECTIVE = 8, 128  # cure: BATCH, EFFECTIVE = 8, 16
torch.manual_seed(23)
iris = load_iris()
X = torch.tensor(scale(iris.data), dtype=torch.float32)
Y = torch.tensor(iris.target)
perm = torch.randperm(150)
train, test = perm[:110], perm[110:]
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
every = EFFECTIVE // BATCH


def epoch_pass():
    total = 0.0
    optimizer.zero_grad()
    for n, idx in enumerate(train[torch.randperm(len(train))].split(BATCH), start=1):
        loss = nn.functional.cross_entropy(net(X[idx]), Y[idx])
        (loss / every).backward()
        total += loss.item() * len(idx)
        if n % every == 0:
            optimizer.step()
            optimizer.zero_grad()
    return total / len(train)


for epoch in range(60):
    loss = epoch_pass()
    if epoch % 6 == 5:
        with torch.no_grad():
            acc = (net(X[test]).argmax(1) == Y[test]).float().mean()
        print(f"epoch {epoch + 1}: loss {loss:.4f}, held-out accuracy {acc:.3f}")
