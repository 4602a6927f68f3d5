"""A Wasserstein GAN in the plane: the generator learns to place points on a ring."""
import math
import torch
import torch.nn as nn

torch.manual_seed(0)


def real(n):
    angle = torch.rand(n) * 2 * math.pi
    return torch.stack([angle.cos(), angle.sin()], 1) * (1 + 0.05 * torch.randn(n, 1))


def mlp(n_in, n_out, width=64):
    return nn.Sequential(nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, n_out))


generator, critic = mlp(4, 2), mlp(2, 1)
opt_g = torch.optim.RMSprop(generator.parameters(), lr=5e-4)
opt_c = torch.optim.RMSprop(critic.parameters(), lr=4e-3)
reference = real(500)

for step in range(1, 801):
    for _ in range(5):
        fake = generator(torch.randn(128, 4)).detach()
        loss_c = critic(fake).mean() - critic(real(128)).mean()
        opt_c.zero_grad()
        loss_c.backward()
        opt_c.step()
        # cure: for p in critic.parameters():
        # cure:     p.data.clamp_(-0.1, 0.1)
    fake = generator(torch.randn(128, 4))
    loss_g = -critic(fake).mean()
    opt_g.zero_grad()
    loss_g.backward()
    size = sum(p.grad.square().sum() for p in generator.parameters()).sqrt()
    opt_g.step()
    if step % 50 == 0:
        with torch.no_grad():
            points = generator(torch.randn(500, 4))
            gap = torch.cdist(reference, points).min(1).values.mean()
            radius = points.norm(dim=1)
        print(f"step {step:4d}  critic {loss_c.item():+.4f}  generator {loss_g.item():+.4f}  generator grad {size:.4f}"
              f"  radius {radius.mean():.2f} +- {radius.std():.2f}  gap {gap:.3f}")
