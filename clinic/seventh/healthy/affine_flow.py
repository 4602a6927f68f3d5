"""RealNVP flow on the two moons: the loss is minus a log-density, in nats."""
import torch
from sklearn.datasets import make_moons
from torch import nn


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s[:, 0]


class Flow(nn.Module):
    def __init__(self, depth=4):
        super().__init__()
        self.steps = nn.ModuleList([Coupling(i % 2 == 1) for i in range(depth)])

    def log_prob(self, x):
        logdet = 0
        for step in self.steps:
            x, s = step(x)
            logdet = logdet + s
        return torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(1) + logdet


torch.manual_seed(20)
points = torch.tensor(make_moons(2500, noise=0.07, random_state=20)[0], dtype=torch.float32) - torch.tensor([0.5, 0.25])
points = 1.2 * points[torch.randperm(2500)]
train, held = points[:2000], points[2000:]
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 21, eta_min=4e-4)
for epoch in range(1, 22):
    tot = 0.0
    for i in torch.randperm(2000).split(100):
        loss = -flow.log_prob(train[i]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        tot += loss.item() / 20
    sched.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d} nll {tot:.3f} held-out nll {-flow.log_prob(held).mean().item():.3f}")
