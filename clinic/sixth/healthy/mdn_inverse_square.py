"""Mixture density network for an inverse problem with two answers: which x gave y = 3 x^2 - 1?"""
import math

import torch
from torch import nn

torch.manual_seed(9)


class MDN(nn.Module):
    def __init__(self, k=4):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.pi, self.mu, self.sigma = nn.Linear(40, k), nn.Linear(40, k), nn.Linear(40, k)
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-1, 1, k))

    def nll(self, y, x):
        h = self.trunk(y)
        logpi = self.pi(h).log_softmax(1)
        sig = nn.functional.softplus(self.sigma(h)) + 1e-3
        logn = -0.5 * ((x - self.mu(h)) / sig) ** 2 - sig.log() - 0.5 * math.log(2 * math.pi)
        return -torch.logsumexp(logpi + logn, 1)

    @torch.no_grad()
    def sample(self, y):
        h = self.trunk(y)
        c = torch.multinomial(self.pi(h).softmax(1), 1)
        sig = nn.functional.softplus(self.sigma(h)) + 1e-3
        return torch.normal(self.mu(h).gather(1, c), sig.gather(1, c))


def data(n):
    x = torch.rand(n, 1) * 2 - 1
    return 3 * x ** 2 - 1 + 0.05 * torch.randn(n, 1), x


y, x = data(3000)
yt, xt = data(1000)
net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25, eta_min=1e-4)
for epoch in range(25):
    total = 0.0
    for i in torch.randperm(3000).split(64):
        loss = net.nll(y[i], x[i]).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(i) / 3000
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            v = net.nll(yt, xt).mean().item()
        s = net.sample(yt)
        print(f"epoch {epoch}: nll {total:+.3f} test {v:+.3f} cycle error {(3 * s ** 2 - 1 - yt).abs().mean().item():.3f} "
              f"positive answers {(s > 0).float().mean().item():.2f}")
