"""Actor-critic on a long corridor: the agent starts at the left door and is paid at the right one."""
import torch
from torch import nn
from torch.distributions import Categorical


class Corridor:
    """A batch of corridors of `n` cells, walked for at most `horizon` moves."""

    def __init__(self, n=30, horizon=40, batch=16):
        self.n, self.horizon, self.batch = n, horizon, batch

    def reset(self):
        self.pos = torch.zeros(self.batch, dtype=torch.long)
        return self.pos

    def step(self, action):
        before = self.pos
        self.pos = (self.pos + 2 * action - 1).clamp(0, self.n - 1)
        goal = (self.pos == self.n - 1) & (before != self.n - 1)
        reward = goal.float()  # cure: reward = goal.float() + (self.pos - before).float() / self.n
        return self.pos, reward, goal


class ActorCritic(nn.Module):
    def __init__(self, n, hidden=32):
        super().__init__()
        self.body = nn.Sequential(nn.Embedding(n, hidden), nn.Tanh())
        self.actor, self.critic = nn.Linear(hidden, 2), nn.Linear(hidden, 1)

    def forward(self, s):
        h = self.body(s)
        return self.actor(h), self.critic(h).squeeze(-1)


def rollout(env, net, gamma=0.99):
    s, alive = env.reset(), torch.ones(env.batch)
    logp, value, reward, mask, ent = [], [], [], [], []
    for _ in range(env.horizon):
        logits, v = net(s)
        pi = Categorical(logits=logits)
        a = pi.sample()
        s, r, done = env.step(a)
        for store, item in ((logp, pi.log_prob(a)), (value, v), (reward, r * alive), (mask, alive), (ent, pi.entropy())):
            store.append(item)
        alive = alive * (~done).float()
    ret, returns = torch.zeros(env.batch), []
    for r in reversed(reward):
        ret = r + gamma * ret
        returns.insert(0, ret)
    return [torch.stack(z) for z in (logp, value, returns, mask, ent)], alive


torch.manual_seed(6)
env = Corridor()
net = ActorCritic(env.n)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for it in range(1, 126):
    (logp, value, ret, mask, ent), alive = rollout(env, net)
    adv = (ret - value.detach()) * mask
    loss = (-(logp * adv) + 0.5 * (ret - value).pow(2) * mask - 0.01 * ent * mask).sum() / mask.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 5 == 0:
        print(f"iter {it:3d}  loss {loss.item():8.5f}  reached the door {1 - alive.mean().item():.2f}  furthest {env.pos.max().item()}")
