"""A small GAN learns a mixture of two normals on the line; both players settle near log 2 each."""
import torch
from torch import nn

torch.manual_seed(0)


def real(n):
    sign = torch.randint(0, 2, (n, 1)) * 2.0 - 1
    return sign + 0.25 * torch.randn(n, 1)


g = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
d = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(g.parameters(), lr=5e-4, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(d.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
one, zero = torch.ones(128, 1), torch.zeros(128, 1)
for step in range(1, 2501):
    x = real(128).requires_grad_()
    out = d(x)
    penalty = torch.autograd.grad(out.sum(), x, create_graph=True)[0].square().mean()
    loss_d = bce(out, one) + bce(d(g(torch.randn(128, 4)).detach()), zero) + 0.2 * penalty
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()
    loss_g = bce(d(g(torch.randn(128, 4))), one)
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 250 == 0:
        with torch.no_grad():
            a, b = g(torch.randn(2000, 4)).sort(0).values, real(2000).sort(0).values
        print(f"{step}: d {loss_d.item():.3f} g {loss_g.item():.3f} wasserstein {(a - b).abs().mean():.3f} right share {(a > 0).float().mean():.2f}")
