"""A value network for a cart, trained on few noisy points, with a penalty that keeps its slope below 0.8 (WGAN style)."""

import torch
from torch import nn

torch.manual_seed(229)


def value(p):
    return 0.8 * torch.sin(p[:, :1]) * torch.cos(0.5 * p[:, 1:])


points = torch.rand(400, 2) * 6 - 3
measured = value(points) + 0.2 * torch.randn(400, 1)
test = torch.rand(1000, 2) * 6 - 3

critic = nn.Sequential(nn.Linear(2, 64), nn.Softplus(beta=3), nn.Linear(64, 64), nn.Softplus(beta=3), nn.Linear(64, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.95))
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000, eta_min=1e-4)


def steepness(between):
    between = between.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slope.norm(dim=1) - 0.8).clamp(min=0).pow(2).mean(), slope.norm(dim=1).max().item()


for step in range(1, 1001):
    rows = torch.randint(400, (64,))
    a, b = points[rows], points[rows.flip(0)]
    penalty, steepest = steepness(torch.lerp(a, b, torch.rand(64, 1)))
    error = nn.functional.mse_loss(critic(a), measured[rows])
    loss = error + 2.0 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        with torch.no_grad():
            clean = nn.functional.mse_loss(critic(test), value(test)).item()
        print(
            f"step {step:4d}  error {error.item():.4f}  penalty {penalty.item():.4f}  steepest {steepest:.2f}  against the truth {clean:.4f}"
        )
