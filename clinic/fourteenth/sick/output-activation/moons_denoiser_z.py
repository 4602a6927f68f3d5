"""A diffusion model of the two moons: a network predicts the noise that was added to a point."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(0)
points, _ = make_moons(4000, noise=0.05, random_state=0)
points = torch.tensor((points - points.mean(0)) / points.std(0), dtype=torch.float32)

STEPS = 50
beta = torch.linspace(1e-3, 0.15, STEPS)
alpha_bar = torch.cumprod(1 - beta, dim=0)


class Denoiser(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.register_buffer("freq", 2.0 ** torch.arange(4) * np.pi / 2)
        self.net = nn.Sequential(
            nn.Linear(2 + 8, width), nn.SiLU(),
            nn.Linear(width, width), nn.SiLU(),
            nn.Linear(width, 2),
            nn.Tanh(),  # cure: delete
        )

    def forward(self, x, t):
        phase = (t.float() / STEPS)[:, None] * self.freq
        return self.net(torch.cat([x, phase.sin(), phase.cos()], dim=1))


@torch.no_grad()
def sample(model, n):
    x = torch.randn(n, 2)
    for k in reversed(range(STEPS)):
        eps = model(x, torch.full((n,), k))
        x = (x - beta[k] / (1 - alpha_bar[k]).sqrt() * eps) / (1 - beta[k]).sqrt()
        if k:
            x = x + beta[k].sqrt() * torch.randn(n, 2)
    return x


model = Denoiser()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 60, eta_min=1e-4)
for epoch in range(1, 61):
    total = 0.0
    for x0 in points[torch.randperm(len(points))].split(100):
        t = torch.randint(0, STEPS, (len(x0),))
        noise = torch.randn_like(x0)
        a = alpha_bar[t][:, None]
        loss = (model(a.sqrt() * x0 + (1 - a).sqrt() * noise, t) - noise).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 40
    sched.step()
    if epoch % 6 == 0:
        drawn = sample(model, 500)
        gap = torch.cdist(drawn, points).min(dim=1).values.mean()
        print(f"epoch {epoch}: noise mse {total:.4f}, distance of samples to the data {gap:.3f}, spread {drawn.std():.2f}")
