"""Policy gradient in a corridor of 15 cells: walk from the left end to the door at the right end."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
CELLS, HORIZON, EPISODES = 15, 20, 32

policy = nn.Sequential(nn.Linear(CELLS, 32), nn.Tanh(), nn.Linear(32, 3))  # left, stay, right
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)


def reward(before, after, t):
    door = ((after == CELLS - 1) & (before < CELLS - 1)).float()
    return door  # cure: return door + 0.1 * (after - before).float()


def rollout(n):
    pos = torch.zeros(n, dtype=torch.long)
    logps, rewards = [], []
    for t in range(HORIZON):
        dist = Categorical(logits=policy(nn.functional.one_hot(pos, CELLS).float()))
        action = dist.sample()
        new = (pos + action - 1).clamp(0, CELLS - 1)
        new = torch.where(pos == CELLS - 1, pos, new)
        logps.append(dist.log_prob(action))
        rewards.append(reward(pos, new, t))
        pos = new
    return torch.stack(logps), torch.stack(rewards), pos


def returns(r, discount=0.98):
    out, g = [], torch.zeros(r.shape[1])
    for row in r.flip(0):
        g = row + discount * g
        out.append(g)
    return torch.stack(out[::-1])


for it in range(1, 201):
    logp, r, final = rollout(EPISODES)
    g = returns(r)
    adv = g - g.mean(1, keepdim=True)
    loss = -(logp * adv).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 20 == 0:
        print(f"iteration {it}: loss {loss.item():+.4f}, mean final cell {final.float().mean():.2f}, "
              f"door reached {(final == CELLS - 1).float().mean():.2f}")
