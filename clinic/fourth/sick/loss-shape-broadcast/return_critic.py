"""Value function of a fixed policy on a cart pushed along a track: regression on discounted returns."""
import torch
from torch import nn

torch.manual_seed(0)
GAMMA = 0.97


def play(n, steps=80):
    pos, vel = torch.rand(n) * 4 - 2, torch.rand(n) * 2 - 1
    states, rewards = [], []
    for _ in range(steps):
        states.append(torch.stack([pos, vel], 1))
        force = -0.6 * pos.sign() + 0.3 * torch.randn(n)
        vel = 0.97 * vel + 0.1 * force
        pos = pos + 0.1 * vel
        rewards.append(-pos.abs())
    ret, out = torch.zeros(n), []
    for r in reversed(rewards):
        ret = r + GAMMA * ret
        out.append(ret)
    keep = steps // 2
    return torch.cat(states[:keep]), torch.cat(out[::-1][:keep])


S, G = play(150)
S_test, G_test = play(60)
g_mean, g_std = G.mean(), G.std()
G, G_test = (G - g_mean) / g_std, (G_test - g_mean) / g_std

critic = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
for epoch in range(1, 16):
    total = 0.0
    for idx in torch.randperm(len(S)).split(100):
        value = critic(S[idx])  # cure: value = critic(S[idx]).squeeze(1)
        td = value - G[idx]
        loss = td.pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        v = critic(S_test)[:, 0]
        explained = 1 - (G_test - v).var() / G_test.var()
    print(f"epoch {epoch:2d}  loss {total / len(S):.4f}  explained variance on new episodes {explained.item():.3f}")
