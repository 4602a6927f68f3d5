"""REINFORCE with a learnt state-value baseline: keep a noisy inverted pendulum upright."""
import torch
import torch.nn as nn
from torch.distributions import Normal

torch.manual_seed(20)
HORIZON, N, GAMMA = 40, 64, 0.95


def rollout(policy):
    th, om = 0.3 * torch.randn(N), torch.zeros(N)
    obs, logp, rew = [], [], []
    for _ in range(HORIZON):
        o = torch.stack([th, om], 1)
        d = Normal(policy(o).squeeze(1), 0.5)
        a = d.sample()
        obs.append(o)
        logp.append(d.log_prob(a))
        om = om + 0.1 * (4 * torch.sin(th) + 3 * a.clamp(-3, 3)) + 0.05 * torch.randn(N)
        th = (th + 0.1 * om).clamp(-2, 2)
        rew.append(-(th ** 2) - 0.02 * a ** 2 + 0.1 * torch.randn(N))
    return torch.stack(obs), torch.stack(logp), torch.stack(rew)


policy = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
value = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
opt_p = torch.optim.Adam(policy.parameters(), lr=1e-2)
opt_v = torch.optim.Adam(value.parameters(), lr=1e-2)
for it in range(1, 121):
    obs, logp, rew = rollout(policy)
    g, gs = torch.zeros(N), []
    for r in rew.flip(0):
        g = r + GAMMA * g
        gs.append(g)
    G = torch.stack(gs[::-1])
    v = value(obs).squeeze(2)
    adv = (G - v).detach()
    adv = (adv - adv.mean()) / (adv.std() + 1e-6)
    opt_p.zero_grad()
    (-(logp * adv).mean()).backward()
    opt_p.step()
    v_loss = (v - G).square().mean()
    opt_v.zero_grad()
    v_loss.backward()
    opt_v.step()
    if it % 12 == 0:
        print(f"iteration {it:3d} return {rew.sum(0).mean().item():8.3f} value loss {v_loss.item():.3f}")
