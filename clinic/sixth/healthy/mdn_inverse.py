"""Mixture density network for the classic inverse problem (several answers per input); the loss goes below zero."""
import math
import torch
import torch.nn as nn

torch.manual_seed(120)


def sample(n):
    y = torch.rand(n)
    x = y + 0.3 * torch.sin(2 * math.pi * y) + 0.02 * (2 * torch.rand(n) - 1)
    return ((x - 0.5) * 3).unsqueeze(1), y.unsqueeze(1)


class MDN(nn.Module):
    def __init__(self, k=5, h=48):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.logit, self.mean, self.log_sd = nn.Linear(h, k), nn.Linear(h, k), nn.Linear(h, k)
        self.mean.bias.data = torch.linspace(0, 1, k)

    def forward(self, x, y):
        h = self.body(x)
        log_sd = self.log_sd(h).clamp(min=-4.5) - 1
        z = (y - self.mean(h)) * torch.exp(-log_sd)
        log_n = -0.5 * z ** 2 - log_sd - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(self.logit(h).log_softmax(1) + log_n, 1)


x, y = sample(3000)
xv, yv = sample(1000)
net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(1, 41):
    total = 0.0
    for idx in torch.randperm(3000).split(100):
        loss = -net(x[idx], y[idx]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        total += loss.item() * len(idx)
    sched.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch} train nll {total / 3000:.4f} fresh nll {-net(xv, yv).mean():.4f}")
