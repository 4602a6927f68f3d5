"""Wine classifier with layer-wise learning rates (smaller for the early layers)."""
import torch
from sklearn.datasets import load_wine
from torch import nn

torch.manual_seed(60)
raw = load_wine()
X = torch.tensor(raw.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(raw.target)
perm = torch.randperm(len(y))
X, y = X[perm], y[perm]

net = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3))
BASE = 1e-6  # cure: BASE = 1e-3
groups = [{"params": net[i].parameters(), "lr": BASE * f} for i, f in ((0, 0.5), (2, 0.7), (4, 1.0))]
opt = torch.optim.RMSprop(groups)

for epoch in range(30):
    net.train()
    order = torch.randperm(130)
    for k in range(0, 130, 13):
        sel = order[k:k + 13]
        loss = nn.functional.cross_entropy(net(X[sel]), y[sel])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if (epoch + 1) % 5 == 0:
        net.eval()
        with torch.no_grad():
            tr = nn.functional.cross_entropy(net(X[:130]), y[:130])
            te = net(X[130:])
        print(f"epoch {epoch + 1} train {tr:.4f} test {nn.functional.cross_entropy(te, y[130:]):.4f} "
              f"acc {(te.argmax(1) == y[130:]).float().mean():.3f}")
