"""REINFORCE: an agent in a corridor of 9 cells learns to walk to the exit on the side that a sign points to."""
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(0)
CELLS, MAX_STEPS, GAMES = 9, 12, 64


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(CELLS + 1, 32), nn.Tanh(), nn.Linear(32, 3))

    def forward(self, obs):
        return self.layers(obs).softmax(dim=-1)  # cure: return self.layers(obs)


def observe(cell, sign):
    return torch.cat([nn.functional.one_hot(cell, CELLS).float(), sign[:, None].float()], dim=1)


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
mean_return = 0.0
for update in range(1, 301):
    cell = torch.full((GAMES,), CELLS // 2)
    sign = torch.randint(0, 2, (GAMES,)) * 2 - 1
    alive = torch.ones(GAMES)
    log_probs, rewards = [], []
    for _ in range(MAX_STEPS):
        dist = Categorical(logits=policy(observe(cell, sign)))
        action = dist.sample()
        cell = (cell + action - 1).clamp(0, CELLS - 1)
        at_end = (cell == 0) | (cell == CELLS - 1)
        good = at_end & ((cell > 0) == (sign > 0))
        rewards.append(alive * (good.float() - 0.02))
        log_probs.append(dist.log_prob(action) * alive)
        alive = alive * (~at_end).float()
    togo = torch.stack(rewards).flip(0).cumsum(0).flip(0)
    advantage = togo - togo.mean(dim=1, keepdim=True)
    loss = -(torch.stack(log_probs) * advantage).sum(0).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    mean_return += togo[0].mean().item() / 25
    if update % 25 == 0:
        print(f"update {update}: mean return {mean_return:+.3f}")
        mean_return = 0.0
