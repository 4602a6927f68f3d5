"""Contrastive matching of two measurements of the same object; the labels of a batch are just 0, 1, 2, ..."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
mix_a, mix_b = torch.randn(8, 20), torch.randn(8, 30)


def pairs(n):
    z = torch.randn(n, 8)
    return torch.tanh(z @ mix_a / 3) + 0.1 * torch.randn(n, 20), torch.tanh(z @ mix_b / 3) + 0.1 * torch.randn(n, 30)


tower_a = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
tower_b = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 16))
log_temp = nn.Parameter(torch.tensor(2.0))
opt = torch.optim.Adam([*tower_a.parameters(), *tower_b.parameters(), log_temp], lr=2e-3)


def scores(a, b):
    return log_temp.exp() * F.normalize(tower_a(a), dim=1) @ F.normalize(tower_b(b), dim=1).T


held = pairs(256)
labels = torch.arange(128)
for step in range(1, 1201):
    s = scores(*pairs(128))
    loss = (F.cross_entropy(s, labels) + F.cross_entropy(s.T, labels)) / 2
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        with torch.no_grad():
            hit = (scores(*held).argmax(1) == torch.arange(256)).float().mean()
        print(f"{step}: loss {loss.item():.3f} scale {log_temp.exp().item():.1f} retrieval among 256 {hit:.3f}")
