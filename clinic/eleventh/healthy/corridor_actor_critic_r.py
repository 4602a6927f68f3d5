"""Actor-critic on a grid: walk from a random cell to the goal in the corner; returns are noisy but climb."""
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

SIZE, MAX_STEPS, ENVS = 5, 20, 16
MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 48), nn.Tanh())
        self.policy, self.value = nn.Linear(48, 4), nn.Linear(48, 1)

    def forward(self, pos):
        h = self.body(pos.float() / 2 - 1)
        return Categorical(logits=self.policy(h)), self.value(h).squeeze(-1)


def rollout(agent):
    pos = torch.randint(SIZE, (ENVS, 2))
    alive = (pos < SIZE - 1).any(1)
    logs, values, rewards, masks, ents = [], [], [], [], []
    for _ in range(MAX_STEPS):
        dist, value = agent(pos)
        action = dist.sample()
        step = MOVES[action]
        pos = torch.where(alive.unsqueeze(1), (pos + step).clamp(0, SIZE - 1), pos)
        done = (pos == SIZE - 1).all(1)
        rewards.append(torch.where(done, 1.0, -0.05) * alive)
        logs.append(dist.log_prob(action))
        values.append(value)
        ents.append(dist.entropy())
        masks.append(alive.float())
        alive = alive & ~done
    returns, g = [], torch.zeros(ENVS)
    for r in reversed(rewards):
        g = r + 0.97 * g
        returns.insert(0, g)
    stack = torch.stack
    return stack(logs), stack(values), stack(returns), stack(masks), stack(ents), sum(rewards).mean().item()


torch.manual_seed(3)
agent = Agent()
opt = torch.optim.Adam(agent.parameters(), lr=5e-3)
track = []
for it in range(1, 251):
    logp, v, ret, m, ent, reward = rollout(agent)
    adv = ret - v.detach()
    n = m.sum()
    loss = (-(adv * logp * m).sum() + 0.5 * ((ret - v).square() * m).sum() - 0.01 * (ent * m).sum()) / n
    opt.zero_grad()
    loss.backward()
    opt.step()
    track.append(reward)
    if it % 25 == 0:
        print(f"iteration {it:3d} mean reward of the last 25: {np.mean(track[-25:]):.3f}")
