"""REINFORCE with a batch baseline: learn to walk along a short corridor to the exit on its right-hand end."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(2)
LENGTH, LIMIT = 7, 20


class Corridor:
    """Many walkers at once; -0.1 for every step, +1 at the exit."""

    def __init__(self, n):
        self.pos = torch.randint(0, LENGTH - 1, (n,))
        self.alive = torch.ones(n, dtype=torch.bool)

    def observe(self):
        return nn.functional.one_hot(self.pos, LENGTH).float()

    def step(self, action):
        move = torch.where(action == 1, 1, -1)
        self.pos = torch.where(self.alive, (self.pos + move).clamp(0, LENGTH - 1), self.pos)
        done = self.alive & (self.pos == LENGTH - 1)
        reward = torch.where(self.alive, -0.1, 0.0) + done.float()
        self.alive = self.alive & ~done
        return reward


policy = nn.Sequential(nn.Linear(LENGTH, 24), nn.Tanh(), nn.Linear(24, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)

for update in range(1, 121):
    env = Corridor(32)
    log_probs, rewards, masks = [], [], []
    for _ in range(LIMIT):
        dist = Categorical(logits=policy(env.observe()))
        action = dist.sample()
        masks.append(env.alive.float())
        log_probs.append(dist.log_prob(action))
        rewards.append(env.step(action))
    rewards, masks = torch.stack(rewards), torch.stack(masks)
    to_go = rewards.flip(0).cumsum(0).flip(0)
    baseline = (to_go * masks).sum() / masks.sum()
    advantage = (to_go - baseline) * masks
    loss = (torch.stack(log_probs) * advantage).sum() / masks.sum()  # cure: loss = -(torch.stack(log_probs) * advantage).sum() / masks.sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if update % 10 == 0:
        print(f"update {update:3d}  mean return {rewards.sum(0).mean():+.3f}  steps {masks.sum(0).mean():5.2f}  "
              f"at the exit {(~env.alive).float().mean():.2f}")
