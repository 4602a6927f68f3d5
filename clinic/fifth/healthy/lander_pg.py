"""Policy gradient with a learned baseline: brake a falling mass so that it lands softly (two optimizers)."""
import torch
from torch import nn
from torch.distributions import Bernoulli

torch.manual_seed(0)
actor = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1))
critic = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1))
opt_a = torch.optim.Adam(actor.parameters(), lr=1e-2)
opt_c = torch.optim.Adam(critic.parameters(), lr=2e-2)
T, DT = 25, 0.1


def episode(n):
    height, speed = 2 + torch.rand(n), -torch.rand(n)
    alive = torch.ones(n)
    S, LP, R, A = [], [], [], []
    for t in range(T):
        s = torch.stack([height - 1.5, speed, torch.full((n,), t / T - 0.5)], 1)
        dist = Bernoulli(logits=actor(s).squeeze(1))
        thrust = dist.sample()
        speed = speed + DT * (-1.0 + 2.2 * thrust) * alive
        height = height + DT * speed * alive
        landed = (height <= 0) & (alive > 0)
        r = torch.where(landed, 2.0 - 2.0 * speed.abs(), torch.zeros(n)) - 0.01 * thrust * alive
        if t == T - 1:
            r = r - alive * ~landed * height.clamp(min=0)
        S.append(s), LP.append(dist.log_prob(thrust)), R.append(r * alive), A.append(alive)
        alive = alive * (~landed).float()
    return torch.stack(S), torch.stack(LP), torch.stack(R), torch.stack(A), speed


recent = []
for it in range(1, 241):
    s, lp, r, alive, speed = episode(64)
    ret = r.flip(0).cumsum(0).flip(0)
    value = critic(s).squeeze(-1)
    adv = (ret - value).detach()
    actor_loss = -(lp * adv * alive).sum() / alive.sum()
    critic_loss = ((value - ret) ** 2 * alive).sum() / alive.sum()
    opt_a.zero_grad(), opt_c.zero_grad()
    actor_loss.backward()
    critic_loss.backward()
    opt_a.step(), opt_c.step()
    recent.append(r.sum(0).mean().item())
    if it % 24 == 0:
        print(f"iteration {it}: mean return {sum(recent[-24:]) / 24:.3f} actor loss {actor_loss.item():+.3f} "
              f"critic loss {critic_loss.item():.3f}")
