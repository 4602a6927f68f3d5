"""Convolutional classifier for the digits with a hand-written SGD update (no torch.optim in this exercise)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(10)
raw = load_digits()
X = torch.tensor(raw.images, dtype=torch.float32)[:, None] / 8 - 1
Y = torch.tensor(raw.target)
perm = torch.randperm(len(X))
X, Y = X[perm], Y[perm]
n_train = 1400
LR, MOMENTUM, BATCH = 0.05, 0.9, 32


class SGD:
    def __init__(self, params, lr, momentum):
        self.params = list(params)
        self.lr, self.momentum = lr, momentum
        self.buf = [torch.zeros_like(p) for p in self.params]

    def zero(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, b in zip(self.params, self.buf):
            b.mul_(self.momentum).add_(p.grad)
            p.sub_(self.lr * b)


net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Flatten(), nn.Linear(64, 10))
opt = SGD(net.parameters(), LR / n_train, MOMENTUM)  # cure: opt = SGD(net.parameters(), LR, MOMENTUM)
for epoch in range(10):
    order = torch.randperm(n_train)
    loss_sum = 0.0
    for k in range(0, n_train, BATCH):
        i = order[k:k + BATCH]
        loss = F.cross_entropy(net(X[i]), Y[i])
        opt.zero()
        loss.backward()
        opt.step()
        loss_sum += loss.item() * len(i)
    with torch.no_grad():
        test = (net(X[n_train:]).argmax(1) == Y[n_train:]).float().mean().item()
    print("epoch {:2d}: loss {:.4f}, test accuracy {:.3f}".format(epoch, loss_sum / n_train, test))
