"""GAN that learns a skewed two-dimensional Gaussian blob; quality is judged by moments."""
import torch
from torch import nn

torch.manual_seed(0)
mix = torch.tensor([[1.0, 0.6], [0.0, 0.5]])
real_batch = lambda n: torch.randn(n, 2) @ mix + torch.tensor([1.5, -1.0])
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
D = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
g_opt = torch.optim.Adam(G.parameters(), lr=5e-4, betas=(0.5, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
one, zero = torch.ones(128, 1), torch.zeros(128, 1)
for step in range(1, 1501):
    fake = G(torch.randn(128, 4))
    d_loss = bce(D(real_batch(128)), one) + bce(D(fake.detach()), zero)
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()
    g_loss = bce(D(fake), one)
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()
    if step % 150 == 0:
        with torch.no_grad():
            s, r = G(torch.randn(4000, 4)), real_batch(4000)
        gap = (s.mean(0) - r.mean(0)).norm() + (s.T.cov() - r.T.cov()).norm()
        print(f"{step:5d} D {d_loss.item():.3f} G {g_loss.item():.3f} moment gap {gap:.3f}")
