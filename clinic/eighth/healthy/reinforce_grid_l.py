"""REINFORCE with a learnt value baseline: walk to the goal on a 5x5 grid."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(53)
MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


def observe(pos, goal):
    return torch.cat([pos, goal], 1).float() / 2 - 1


def rollout(policy, value, n=64, horizon=10):
    pos, goal = torch.randint(5, (n, 2)), torch.randint(5, (n, 2))
    alive = torch.ones(n)
    logps, ents, rewards, values, alives = [], [], [], [], []
    for _ in range(horizon):
        obs = observe(pos, goal)
        dist = Categorical(logits=policy(obs))
        a = dist.sample()
        pos = (pos + MOVES[a]).clamp(0, 4)
        there = (pos == goal).all(1).float()
        logps.append(dist.log_prob(a)), ents.append(dist.entropy()), values.append(value(obs).squeeze(1))
        rewards.append(alive * (there - 0.05)), alives.append(alive)
        alive = alive * (1 - there)
    returns, run = [], torch.zeros(n)
    for r in reversed(rewards):
        run = r + 0.95 * run
        returns.insert(0, run)
    return *map(torch.stack, (logps, ents, values, returns, alives)), 1 - alive.mean()


def net(out):
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, out))


policy, value = net(4), net(1)
opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 3e-3}, {"params": value.parameters(), "lr": 5e-3}])
success = 0.2
for it in range(1, 401):
    logp, ent, v, ret, mask, reached = rollout(policy, value)
    adv = (ret - v).detach()
    policy_loss = -(adv * logp * mask).sum() / mask.sum()
    value_loss = ((v - ret).pow(2) * mask).sum() / mask.sum()
    loss = policy_loss + 0.5 * value_loss - 0.01 * (ent * mask).sum() / mask.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    success = 0.95 * success + 0.05 * reached.item()
    if it % 40 == 0:
        print(f"iter {it}: loss {loss.item():+.4f} return {ret[0].mean():+.3f} success {success:.3f}")
