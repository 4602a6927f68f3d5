"""Contrastive learning: two noisy views of the same pendulum swing should be found among 128; then a linear probe."""
import torch
from torch import nn

torch.manual_seed(0)
T = 40


def swings(n):
    freq, damp = 0.5 + 1.5 * torch.rand(n, 1), 0.5 * torch.rand(n, 1)
    return freq, damp


def view(freq, damp):
    t = torch.linspace(0, 4, T)
    phase = torch.rand(len(freq), 1) * 6.28
    amp = 0.7 + 0.6 * torch.rand(len(freq), 1)
    return amp * torch.exp(-damp * t) * torch.sin(6.28 * freq * t + phase) + 0.1 * torch.randn(len(freq), T)


tower = nn.Sequential(nn.Unflatten(1, (1, T)), nn.Conv1d(1, 24, 7, stride=2), nn.GELU(), nn.Conv1d(24, 32, 5, stride=2),
                      nn.GELU(), nn.Flatten(), nn.Linear(32 * 7, 32))
opt = torch.optim.Adam(tower.parameters(), lr=2e-3)


def probe():
    with torch.no_grad():
        f, d = swings(1500)
        z = nn.functional.normalize(tower(view(f, d)), dim=1)
        z = torch.cat([z, z ** 2, torch.ones(1500, 1)], 1)
        w = torch.linalg.lstsq(z[:1000], f[:1000]).solution
        return 1 - ((z[1000:] @ w - f[1000:]) ** 2).mean() / f[1000:].var()


print(f"linear probe of the frequency before training: R2 {probe().item():.3f}")
for it in range(1, 401):
    f, d = swings(128)
    a = nn.functional.normalize(tower(view(f, d)), dim=1)
    b = nn.functional.normalize(tower(view(f, d)), dim=1)
    sim = a @ b.T / 0.1
    diag = sim.diag()
    loss = (sim.logsumexp(0) - diag).mean() / 2 + (sim.logsumexp(1) - diag).mean() / 2
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(f"{it:4d} loss {loss.item():.3f} (chance {torch.tensor(128.0).log().item():.2f}) R2 of the probe {probe().item():.3f}")
