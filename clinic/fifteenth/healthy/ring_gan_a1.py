"""A GAN learns points on a noisy ring; the radius statistics of the generated points are what counts."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)


def real(n):
    phi = 6.2832 * torch.rand(n)
    r = 1.5 + 0.1 * torch.randn(n)
    return torch.stack([r * phi.cos(), r * phi.sin()], 1)


G = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
g_opt = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.999))
d_opt = torch.optim.Adam(D.parameters(), lr=5e-4, betas=(0.5, 0.999))
average = [p.detach().clone() for p in G.parameters()]  # moving average of the generator, used for the report


def report(step, d_loss, g_loss):
    with torch.no_grad():
        current = [p.clone() for p in G.parameters()]
        for p, a in zip(G.parameters(), average):
            p.copy_(a)
        sample = G(torch.randn(2000, 4))
        for p, c in zip(G.parameters(), current):
            p.copy_(c)
        radius = sample.norm(dim=1)
        angle = torch.atan2(sample[:, 1], sample[:, 0])
        filled = torch.histc(angle, 12, -3.1416, 3.1416).min().item() / 2000 * 12
    print(f"step {step:5d}  D {d_loss:.3f}  G {g_loss:.3f}  radius {radius.mean():.3f} +- {radius.std():.3f} "
          f"(real 1.500 +- 0.100)  emptiest sector {filled:.2f} of its share")


for step in range(1, 4001):
    x = real(128)
    fake = G(torch.randn(128, 4))
    d_real, d_fake = D(x), D(fake.detach())
    d_loss = F.softplus(-d_real).mean() + F.softplus(d_fake).mean()
    if step % 4 == 0:  # lazy gradient penalty on the real points
        x.requires_grad_(True)
        grad, = torch.autograd.grad(D(x).sum(), x, create_graph=True)
        d_loss = d_loss + 4 * 0.25 * (grad ** 2).sum(1).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()

    g_loss = F.softplus(-D(fake)).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    with torch.no_grad():
        for a, p in zip(average, G.parameters()):
            a.lerp_(p, 0.01)
    if step % 400 == 0:
        report(step, d_loss.item(), g_loss.item())
