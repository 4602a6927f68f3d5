"""A generator learns the place and spread of a 2-D cloud against a Wasserstein critic."""
import torch
from torch import nn

torch.manual_seed(2)
CENTRE = torch.tensor([1.5, -1.0])
MIX = torch.tensor([[0.6, 0.2], [0.0, 0.4]])


def real(n):
    return CENTRE + torch.randn(n, 2) @ MIX


gen = nn.Linear(2, 2)
critic = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
g_opt = torch.optim.Adam(gen.parameters(), lr=5e-3, betas=(0.9, 0.99))
d_opt = torch.optim.Adam(critic.parameters(), lr=5e-3, betas=(0.9, 0.99))
CLIP = 0.3

for step in range(1, 1401):
    x = real(128).requires_grad_(True)
    fake = gen(torch.randn(128, 2)).detach()
    score = critic(x)
    d_loss = critic(fake).mean() - score.mean()
    # cure: d_loss = d_loss + 1.0 * torch.autograd.grad(score.sum(), x, create_graph=True)[0].pow(2).sum(1).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()
    with torch.no_grad():
        for p in critic.parameters():
            p.clamp_(-CLIP, CLIP)

    g_loss = -critic(gen(torch.randn(128, 2))).mean()
    g_opt.zero_grad()
    g_loss.backward()
    g_opt.step()

    if step % 40 == 0:
        with torch.no_grad():
            s = gen(torch.randn(2000, 2))
            off = (s.mean(0) - CENTRE).norm().item()
        print(f"{step:4d}  critic {d_loss.item():+.3f}  generator {g_loss.item():+.3f}  centre off by {off:.3f}")
