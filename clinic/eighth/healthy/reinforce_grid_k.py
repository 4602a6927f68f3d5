"""REINFORCE with a reward-to-go baseline on a small corridor: walk to the goal in as few steps as possible."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
SIZE, HORIZON, N = 9, 16, 64


def features(pos, goal):
    return torch.stack([pos / SIZE, goal / SIZE, (goal - pos) / 3], 1)


def rollout(policy, n):
    pos, goal = torch.randint(0, SIZE, (n,)).float(), torch.randint(0, SIZE, (n,)).float()
    done, logps, rewards = pos == goal, [], []
    for _ in range(HORIZON):
        dist = Categorical(logits=policy(features(pos, goal)))
        a = dist.sample()
        alive = (~done).float()
        pos = (pos + alive * (a.float() - 1)).clamp(0, SIZE - 1)
        logps.append(dist.log_prob(a) * alive)
        rewards.append(-alive)
        done = done | (pos == goal)
    r = torch.stack(rewards)
    return torch.stack(logps), r.flip(0).cumsum(0).flip(0), r.sum(0), done


policy = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 3))
opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
for it in range(1, 301):
    logp, togo, ret, done = rollout(policy, N)
    adv = togo - togo.mean(1, keepdim=True)
    loss = -(logp * adv).sum(0).mean() / HORIZON
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 30 == 0:
        with torch.no_grad():
            _, _, r, d = rollout(policy, 500)
        print(f"iteration {it} loss {loss.item():+.3f} mean return {r.mean():.2f} reached {d.float().mean():.3f}")
