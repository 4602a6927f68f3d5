"""Visits per hour of a web shop: Poisson regression with a neural rate; reports the test log-likelihood."""
import math

import torch
import torch.nn as nn


class RateNet(nn.Module):
    """Trees are out of fashion: a small net from hour, weekday and campaign to the expected number of visits."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
        self.out = nn.Linear(32, 9)

    def forward(self, f):
        return self.out(self.net(f))


def shop(n, g):
    hour, day = torch.rand(n, generator=g) * 24, torch.randint(0, 7, (n,), generator=g)
    campaign = (torch.rand(n, generator=g) < 0.3).float()
    rate = torch.exp(0.3 + 0.8 * torch.sin(2 * math.pi * (hour - 9) / 24) + 0.5 * (day > 4) + 0.4 * campaign)
    visits = torch.poisson(rate, generator=g).clamp(max=8).long()
    ang, wk = 2 * math.pi * hour / 24, 2 * math.pi * day / 7
    feats = torch.stack([ang.sin(), ang.cos(), wk.sin(), wk.cos(), campaign * 2 - 1], 1)
    return feats, visits


class Run:
    def __init__(self):
        torch.manual_seed(141)
        g = torch.Generator().manual_seed(142)
        self.train, self.test = shop(4000, g), shop(1000, g)
        self.model = RateNet()
        self.opt = torch.optim.Adam(self.model.parameters(), lr=3e-3)
        self.nll = nn.NLLLoss()

    def loss(self, f, v):
        scores = self.model(f)  # cure: scores = self.model(f).log_softmax(1)
        return self.nll(scores, v)

    def go(self, epochs=8):
        f, v = self.train
        for e in range(epochs):
            for i in torch.randperm(len(v)).split(100):
                self.opt.zero_grad()
                loss = self.loss(f[i], v[i])
                loss.backward()
                self.opt.step()
            with torch.no_grad():
                p = self.model(self.test[0]).softmax(1)
                ll = p.gather(1, self.test[1][:, None]).clamp(min=1e-12).log().mean()
                mae = ((p @ torch.arange(9.0)) - self.test[1]).abs().mean()
            print(f"epoch {e + 1:2d} loss {loss.item():.4f} test log-likelihood {ll:.4f} mean abs error {mae:.3f}")


Run().go()
