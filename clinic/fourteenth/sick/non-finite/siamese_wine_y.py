"""Learn a metric on the wine data with pairs: the same cultivar near, other cultivars at least a margin away."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
data = load_wine()
x = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
x_train, y_train, x_test, y_test = x[:130], y[:130], x[130:], y[130:]


def distance(a, b):
    return (a - b).pow(2).sum(1).sqrt()  # cure: return (a - b).pow(2).sum(1).add(1e-8).sqrt()


def nearest_neighbour_accuracy(net):
    net.eval()
    with torch.no_grad():
        d = torch.cdist(net(x_test), net(x_train))
    net.train()
    return (y_train[d.argmin(1)] == y_test).float().mean().item()


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 8))

    def forward(self, v):
        return self.body(v)


net = Tower()
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-3)
margin = 2.0
for step in range(1, 1501):
    i = torch.randint(len(x_train), (64,))
    j = torch.randint(len(x_train), (64,))
    same = (y_train[i] == y_train[j]).float()
    d = distance(net(x_train[i]), net(x_train[j]))
    loss = (same * d.pow(2) + (1 - same) * (margin - d).clamp(min=0).pow(2)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0 or step == 1:
        print(f"step {step:4d} loss {loss.item():.4f} 1-nn accuracy {nearest_neighbour_accuracy(net):.3f}")
