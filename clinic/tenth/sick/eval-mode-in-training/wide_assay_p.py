"""Responder or not, from 60 assay values of 500 cell lines; heavy dropout because there is little data."""
import numpy as np
import torch
import torch.nn as nn


class Response(nn.Module):
    def __init__(self, n_in, hidden=256):
        super().__init__()
        self.inp = nn.Dropout(0.2)
        self.l1, self.l2 = nn.Linear(n_in, hidden), nn.Linear(hidden, hidden)
        self.drop = nn.Dropout(0.6)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.drop(torch.relu(self.l1(self.inp(x))))
        h = self.drop(torch.relu(self.l2(h)))
        return self.out(h).squeeze(1)


def assays(n, r):
    x = r.normal(size=(n, 60))
    y = 0.8 * x[:, 0] + 0.6 * np.maximum(x[:, 1], 0) - 0.5 * np.abs(x[:, 2]) + 0.4 * x[:, 3] + 0.7 * r.normal(size=n) + 0.16
    return torch.tensor(x).float(), torch.tensor(y > 0).float()


def epoch_loop(net, x, y, opt=None, batch=25):
    net.eval()  # cure: net.train(opt is not None)
    total = 0.0
    order = torch.randperm(len(x))
    with torch.set_grad_enabled(opt is not None):
        for b in order.split(batch):
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[b]), y[b])
            if opt is not None:
                opt.zero_grad()
                loss.backward()
                opt.step()
            total += loss.item() * len(b)
    return total / len(x)


torch.manual_seed(26)
r = np.random.default_rng(26)
x, y = assays(500, r)
xv, yv = assays(600, r)
net = Response(60)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(1, 25):
    tr = epoch_loop(net, x, y, opt)
    va = epoch_loop(net, xv, yv)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}  train loss {tr:.3f}  val loss {va:.3f}")
