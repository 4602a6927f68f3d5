"""REINFORCE on a corridor with a hidden door: walk to the side that the sign tells, before time is up."""
import torch
import torch.nn as nn
from torch.distributions import Bernoulli

torch.manual_seed(13)
HALF, LIMIT, GAMMA = 3, 12, 0.97


def features(pos, sign):
    return torch.cat([nn.functional.one_hot(pos + HALF, 2 * HALF + 1).float(), sign[:, None]], 1)


def rollout(policy, n):
    sign = torch.randint(2, (n,)) * 2.0 - 1
    pos = torch.zeros(n, dtype=torch.long)
    alive = torch.ones(n)
    logps, rewards, masks = [], [], []
    for _ in range(LIMIT):
        dist = Bernoulli(logits=policy(features(pos, sign)).squeeze(1))
        a = dist.sample()
        step = (a * 2 - 1).long()
        pos = torch.where(alive.bool(), pos + step, pos).clamp(-HALF, HALF)
        at_end = (pos.abs() == HALF).float()
        won = at_end * (pos.sign() == sign).float()
        logps.append(dist.log_prob(a))
        masks.append(alive)
        rewards.append(alive * (2 * won - at_end - 0.02))
        alive = alive * (1 - at_end)
    return torch.stack(logps), torch.stack(rewards), torch.stack(masks)


def discounted(rewards):
    out, run = [], torch.zeros_like(rewards[0])
    for r in reversed(rewards):
        run = r + GAMMA * run
        out.append(run)
    return torch.stack(out[::-1])


policy = nn.Sequential(nn.Linear(2 * HALF + 2, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
for it in range(1, 201):
    logp, rew, mask = rollout(policy, 64)
    ret = discounted(rew)
    baseline = (ret * mask).sum() / mask.sum()
    advantage = ret - baseline
    loss = (logp * advantage * mask).sum() / mask.sum()  # cure: loss = -(logp * advantage * mask).sum() / mask.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 20 == 0:
        print(f"iteration {it:4d} mean episode reward {rew.sum(0).mean().item():.3f}")
