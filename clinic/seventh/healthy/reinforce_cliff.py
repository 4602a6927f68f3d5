"""Policy gradient with a learned baseline on a 5x5 grid: noisy returns, entropy bonus, 16 episodes per update."""
import torch
from torch import nn
from torch.distributions import Categorical


class Grid:
    MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])

    def __init__(self, n_env):
        self.n = n_env

    def reset(self):
        self.pos = torch.randint(0, 4, (self.n, 2))
        self.done = torch.zeros(self.n, dtype=torch.bool)
        return self.obs()

    def obs(self):
        return nn.functional.one_hot(self.pos[:, 0] * 5 + self.pos[:, 1], 25).float()

    def step(self, a):
        slip = torch.rand(self.n) < 0.1
        a = torch.where(slip, torch.randint(0, 4, (self.n,)), a)
        self.pos = (self.pos + self.MOVES[a]).clamp(0, 4)
        at_goal = (self.pos == 4).all(1)
        pit = (self.pos == 2).all(1)
        r = torch.where(at_goal, 5.0, torch.where(pit, -2.0, -0.1)) * (~self.done)
        self.done = self.done | at_goal
        return self.obs(), r


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.pi = nn.Sequential(nn.Linear(25, 32), nn.Tanh(), nn.Linear(32, 4))
        self.v = nn.Sequential(nn.Linear(25, 32), nn.Tanh(), nn.Linear(32, 1))


torch.manual_seed(8)
env, agent = Grid(16), Agent()
opt = torch.optim.Adam(agent.parameters(), lr=1e-2)
scores = []
for update in range(1, 181):
    o, logps, ents, vals, rews, alive = env.reset(), [], [], [], [], []
    for _ in range(20):
        dist = Categorical(logits=agent.pi(o))
        a = dist.sample()
        alive.append((~env.done).float())
        logps.append(dist.log_prob(a))
        ents.append(dist.entropy())
        vals.append(agent.v(o).squeeze(1))
        o, r = env.step(a)
        rews.append(r)
    g, rets = torch.zeros(16), []
    for r in reversed(rews):
        g = r + 0.95 * g
        rets.append(g)
    R, V = torch.stack(rets[::-1]), torch.stack(vals)
    m = torch.stack(alive)
    adv = (R - V).detach()
    loss = (m * (-torch.stack(logps) * adv + 0.5 * (R - V) ** 2 - 0.01 * torch.stack(ents))).sum() / m.sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
    scores.append(torch.stack(rews).sum(0).mean().item())
    if update % 20 == 0:
        print(f"update {update} loss {loss.item():.3f} mean return of the last 20 updates {sum(scores[-20:]) / 20:.3f}")
