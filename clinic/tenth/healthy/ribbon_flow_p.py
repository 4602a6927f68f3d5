"""Normalising flow (affine coupling layers) for a thin wavy ribbon in the plane; the loss is a negative log-likelihood that falls below zero."""
import torch
from torch import nn

torch.manual_seed(108)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.flip(1).chunk(2, 1) if self.flip else x.chunk(2, 1)
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return (torch.cat([b, a], 1) if self.flip else torch.cat([a, b], 1)), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(n))

    def log_prob(self, x):
        ld = 0
        for layer in self.layers:
            x, s = layer(x)
            ld = ld + s
        return -0.5 * x.square().sum(1) - 1.8379 + ld


u = torch.randn(4000)
x = torch.stack([u, torch.sin(2 * u) + 0.03 * torch.randn(4000)], 1)
x = (x - x.mean(0)) / x.std(0)
x, xv = x[:3200], x[3200:]
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 15)
for epoch in range(15):
    tot = 0.0
    for b in torch.randperm(len(x)).split(200):
        loss = -flow.log_prob(x[b]).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        tot += loss.item() * len(b)
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            print(f"epoch {epoch + 1}: nll {tot / len(x):.3f} held-out {-flow.log_prob(xv).mean():.3f} (a Gaussian: 2.838)")
