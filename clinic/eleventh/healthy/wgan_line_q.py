"""Wasserstein GAN with weight clipping (Arjovsky et al.): the generator learns a tilted 2-d Gaussian with a shifted mean."""
import torch
import torch.nn as nn

torch.manual_seed(2)
MEAN = torch.tensor([2.0, -1.0])
MIX = torch.tensor([[1.0, 0.6], [0.0, 0.5]])


def real(n):
    return torch.randn(n, 2) @ MIX + MEAN


gen = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt_g = torch.optim.RMSprop(gen.parameters(), lr=5e-4)
opt_c = torch.optim.RMSprop(critic.parameters(), lr=2e-3)
CLIP, N_CRITIC, BATCH = 0.1, 4, 128


def report(step, w):
    with torch.no_grad():
        s = gen(torch.randn(4000, 2))
    cov = torch.cov(s.T)
    target = MIX.T @ MIX
    print(f"step {step:4d}  critic gap {w:.4f}  mean error {(s.mean(0) - MEAN).norm():.3f}  "
          f"covariance error {(cov - target).norm():.3f}")


report(0, 0.0)
for step in range(1, 801):
    for _ in range(N_CRITIC):
        fake = gen(torch.randn(BATCH, 2)).detach()
        gap = critic(real(BATCH)).mean() - critic(fake).mean()
        opt_c.zero_grad()
        (-gap).backward()
        opt_c.step()
        with torch.no_grad():
            for p in critic.parameters():
                p.clamp_(-CLIP, CLIP)
    loss_g = -critic(gen(torch.randn(BATCH, 2))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if step % 100 == 0:
        report(step, gap.item())
