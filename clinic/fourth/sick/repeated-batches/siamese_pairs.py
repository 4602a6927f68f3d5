"""Siamese network: are two digit images of the same class? Pairs are drawn anew for each step."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits

digits = load_digits()
X = torch.tensor(digits.data / 8.0 - 1.0, dtype=torch.float32)
Y = digits.target
train_ids, test_ids = np.arange(0, 1300), np.arange(1300, 1797)


def draw_pairs(ids, n, seed=0):
    rng = np.random.default_rng(seed)
    left = rng.choice(ids, n)
    right = rng.choice(ids, n)
    for k in range(0, n, 2):
        right[k] = rng.choice(ids[Y[ids] == Y[left[k]]])
    return X[left], X[right], torch.tensor(Y[left] == Y[right], dtype=torch.float32)


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.tower = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
        self.bias = nn.Parameter(torch.tensor(2.0))

    def forward(self, a, b):
        d = (self.tower(a) - self.tower(b)).pow(2).sum(1)
        return self.bias - d


torch.manual_seed(0)
net = Siamese()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
test = draw_pairs(test_ids, 1000, seed=123)
for step in range(1, 601):
    a, b, same = draw_pairs(train_ids, 64)  # cure: a, b, same = draw_pairs(train_ids, 64, seed=step)
    loss = bce(net(a, b), same)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 60 == 0:
        with torch.no_grad():
            s = net(test[0], test[1])
        acc = ((s > 0).float() == test[2]).float().mean().item()
        print(f"step {step:4d} train loss {loss.item():.4f} test loss {bce(s, test[2]).item():.4f} test accuracy {acc:.3f}")
