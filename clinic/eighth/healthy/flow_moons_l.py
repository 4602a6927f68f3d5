"""Affine coupling flow fitted to two moons by maximum likelihood (the loss goes below zero)."""
import torch
from torch import nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        nn.init.normal_(self.net[-1].weight, std=0.01)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 1.5 * torch.tanh(s)
        b = b * s.exp() + t
        return (torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(i % 2 == 1) for i in range(depth))
        self.base = torch.distributions.Normal(0.0, 0.2)

    def log_prob(self, x):
        total = 0.0
        for step in self.steps:
            x, ld = step(x)
            total = total + ld
        return self.base.log_prob(x).sum(1) + total


torch.manual_seed(58)
points = torch.tensor(make_moons(3000, noise=0.04, random_state=58)[0], dtype=torch.float32)
points = (points - points.mean(0)) / points.std(0) * 0.25
train, test = points[:2400], points[2400:]
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40, eta_min=1e-4)
for epoch in range(1, 41):
    for idx in torch.randperm(2400).split(120):
        loss = -flow.log_prob(train[idx]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
    sched.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            print(f"epoch {epoch} train nll {loss.item():+.3f} test nll {-flow.log_prob(test).mean().item():+.3f}")
