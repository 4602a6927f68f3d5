"""Denoising diffusion of points on a spiral: predict the noise; the loss soon levels off at what cannot be predicted."""
import torch
from torch import nn

torch.manual_seed(0)
STEPS = 50
betas = torch.linspace(1e-3, 0.2, STEPS)
alphas = 1 - betas
kept = alphas.cumprod(0)


def spiral(n):
    r = torch.rand(n, 1).sqrt()
    a = 5 * r
    return (r * torch.cat([a.cos(), a.sin()], 1) + 0.02 * torch.randn(n, 2)) / 0.5


class Noise(nn.Module):
    def __init__(self, width=128):
        super().__init__()
        self.time = nn.Embedding(STEPS, 32)
        self.net = nn.Sequential(nn.Linear(34, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], 1))


def objective(model, x):
    t = torch.randint(0, STEPS, (len(x),))
    noise = torch.randn_like(x)
    k = kept[t][:, None]
    return (model(k.sqrt() * x + (1 - k).sqrt() * noise, t) - noise).square().mean()


@torch.no_grad()
def generate(model, n):
    x = torch.randn(n, 2)
    for t in reversed(range(STEPS)):
        eps = model(x, torch.full((n,), t))
        x = (x - betas[t] / (1 - kept[t]).sqrt() * eps) / alphas[t].sqrt()
        if t > 0:
            x = x + betas[t].sqrt() * torch.randn_like(x)
    return x


model = Noise()
ema = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
reference = spiral(2000)
total = 0.0
for it in range(1, 3001):
    loss = objective(model, spiral(256))
    opt.zero_grad()
    loss.backward()
    opt.step()
    ema.update_parameters(model)
    total += loss.item() / 300
    if it % 300 == 0:
        with torch.no_grad():
            v = objective(ema, reference)
            gap = torch.cdist(generate(ema, 1000), reference).min(1).values.mean()
        print(f"iteration {it:5d} loss {total:.4f} fresh {v:.4f} distance of samples to the spiral {gap:.4f}")
        total = 0.0
