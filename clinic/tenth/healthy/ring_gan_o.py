"""A small GAN learns points on a ring; we watch how the radius of the made points settles."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


def real(n):
    a = torch.rand(n) * 6.2832
    r = 1.5 + 0.08 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1)


G = nn.Sequential(nn.Linear(4, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, 2))
D = nn.Sequential(nn.Linear(2, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, 1))
og = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
od = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
probe = torch.randn(1000, 4)
for step in range(1, 1201):
    x = real(128)
    fake = G(torch.randn(128, 4))
    d_loss = F.softplus(-D(x)).mean() + F.softplus(D(fake.detach())).mean()
    od.zero_grad()
    d_loss.backward()
    od.step()

    for p in D.parameters():
        p.requires_grad_(False)
    g_loss = F.softplus(-D(fake)).mean()
    og.zero_grad()
    g_loss.backward()
    og.step()
    for p in D.parameters():
        p.requires_grad_(True)

    if step % 150 == 0:
        with torch.no_grad():
            made = G(probe)
            radius = made.norm(dim=1)
            quarter = torch.stack([(made[:, 0] > 0).float() * 2 + (made[:, 1] > 0).float()]).flatten().long()
            share = torch.bincount(quarter, minlength=4) / len(made)
        print(f"{step}: D {d_loss.item():.3f} G {g_loss.item():.3f} radius {radius.mean():.3f} +- {radius.std():.3f} quarters", [round(s, 2) for s in share.tolist()])
