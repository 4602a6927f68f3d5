"""A mixture density network for the inverse problem x = y + 0.3 sin(2 pi y) + noise."""
import math

import torch
import torch.nn as nn


class MDN(nn.Module):
    def __init__(self, k=5, hidden=40):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh())
        self.pi, self.mu, self.logsig = (nn.Linear(hidden, k) for _ in range(3))

    def forward(self, x):
        h = self.body(x)
        return torch.log_softmax(self.pi(h), -1), self.mu(h), self.logsig(h)


def nll(out, y):
    logpi, mu, logsig = out
    logp = -0.5 * ((y - mu) / logsig.exp()) ** 2 - logsig - 0.5 * math.log(2 * math.pi)
    return -torch.log((logpi.exp() * logp.exp()).sum(-1)).mean()  # cure: return -torch.logsumexp(logpi + logp, -1).mean()


def make_data(n, generator):
    y = torch.rand(n, 1, generator=generator)
    x = y + 0.3 * torch.sin(2 * math.pi * y) + 0.02 * torch.randn(n, 1, generator=generator)
    wild = torch.rand(n, 1, generator=generator) < 0.002
    y = torch.where(wild, y + 8.0, y)
    return (x - 0.5) * 3, (y - 0.5) * 3


def main():
    torch.manual_seed(2)
    g = torch.Generator().manual_seed(2)
    x, y = make_data(2000, g)
    xv, yv = make_data(500, g)
    net = MDN()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(1, 33):
        total = 0.0
        for i in torch.randperm(len(x)).split(100):
            loss = nll(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(x)
        if epoch % 4 == 0:
            with torch.no_grad():
                print(f"epoch {epoch:3d}   train nll {total:8.4f}   valid nll {nll(net(xv), yv).item():8.4f}")


main()
