"""REINFORCE with a running baseline: find the goal on a line of cells; rewards are noisy."""
import torch
from torch import nn

torch.manual_seed(5)
CELLS, HORIZON, ENVS = 7, 10, 64
policy = nn.Sequential(nn.Linear(2 * CELLS, 32), nn.Tanh(), nn.Linear(32, 2))
opt = torch.optim.Adam(policy.parameters(), lr=1e-2)
baseline = 0.0


def observe(pos, goal):
    return torch.cat([nn.functional.one_hot(pos, CELLS), nn.functional.one_hot(goal, CELLS)], 1).float()


def rollout(greedy=False):
    pos, goal = torch.randint(0, CELLS, (2, ENVS))
    logps, rewards, done = [], [], torch.zeros(ENVS, dtype=torch.bool)
    for _ in range(HORIZON):
        dist = torch.distributions.Categorical(logits=policy(observe(pos, goal)))
        action = dist.probs.argmax(1) if greedy else dist.sample()
        logps.append(dist.log_prob(action) * ~done)
        pos = torch.where(done, pos, (pos + 2 * action - 1).clamp(0, CELLS - 1))
        rewards.append((-0.1 + (pos == goal).float() + 0.2 * torch.randn(ENVS)) * ~done)
        done = done | (pos == goal)
    return torch.stack(logps), torch.stack(rewards), done


for it in range(1, 151):
    logp, rew, done = rollout()
    returns = rew.flip(0).cumsum(0).flip(0)
    baseline = 0.9 * baseline + 0.1 * returns.mean().item()
    loss = -(logp * (returns - baseline)).sum(0).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 15 == 0:
        with torch.no_grad():
            _, r, reached = rollout(greedy=True)
        print(f"iteration {it}: loss {loss.item():+.3f} return {rew.sum(0).mean().item():.3f} greedy success {reached.float().mean().item():.2f}")
