"""A tiny diffusion model: learns to predict the noise in points of a ring, then draws new points from pure noise."""
import torch
from torch import nn

torch.manual_seed(203)
T = 40
beta = torch.linspace(1e-3, 0.2, T)
alpha_bar = torch.cumprod(1 - beta, 0)


def ring(n):
    a = torch.rand(n) * 2 * torch.pi
    r = 1.4 + 0.05 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


class NoisePredictor(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.time = nn.Embedding(T, 16)
        self.net = nn.Sequential(nn.Linear(18, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(),
                                 nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], 1))


@torch.no_grad()
def sample(model, n):
    x = torch.randn(n, 2)
    for t in reversed(range(T)):
        eps = model(x, torch.full((n,), t))
        x = (x - beta[t] / (1 - alpha_bar[t]).sqrt() * eps) / (1 - beta[t]).sqrt()
        if t:
            x = x + beta[t].sqrt() * torch.randn_like(x)
    return x


model = NoisePredictor()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500, eta_min=1e-4)
mean = 0.0
for step in range(1, 1501):
    x0, t, eps = ring(256), torch.randint(0, T, (256,)), torch.randn(256, 2)
    xt = alpha_bar[t, None].sqrt() * x0 + (1 - alpha_bar[t, None]).sqrt() * eps
    loss = (model(xt, t) - eps).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    mean += loss.item() / 150
    if step % 150 == 0:
        s = sample(model, 1000)
        r = s.norm(dim=1)
        sectors = torch.histc(torch.atan2(s[:, 1], s[:, 0]), 12, -torch.pi, torch.pi)
        print(f"{step} loss {mean:.4f} radius {r.mean():.3f} +- {r.std():.3f} smallest of 12 sectors {int(sectors.min())}/1000")
        mean = 0.0
