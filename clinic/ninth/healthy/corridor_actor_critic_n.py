"""Actor-critic on a windy corridor: 24 walkers in parallel, entropy bonus, generalised advantages."""
import torch
from torch import nn
from torch.distributions import Categorical


class Corridor:
    """Eleven cells; the goal is at one end, which a flag tells; the wind blows at random."""

    def __init__(self, n):
        self.n = n
        self.reset(torch.ones(n, dtype=torch.bool))

    def reset(self, which):
        if not hasattr(self, "pos"):
            self.pos, self.goal, self.t = [torch.zeros(self.n, dtype=torch.long) for _ in range(3)]
        k = int(which.sum())
        self.pos[which] = 5
        self.goal[which] = torch.randint(0, 2, (k,)) * 10
        self.t[which] = 0

    def obs(self):
        return torch.cat([nn.functional.one_hot(self.pos, 11).float(), (self.goal / 5.0 - 1).unsqueeze(1)], 1)

    def step(self, a):
        wind = torch.where(torch.rand(self.n) < 0.2, torch.randint(-1, 2, (self.n,)), 0)
        self.pos = (self.pos + 2 * a - 1 + wind).clamp(0, 10)
        self.t += 1
        won = self.pos == self.goal
        done = won | (self.pos == 10 - self.goal) | (self.t >= 40)
        r = won.float() - 0.01
        self.reset(done)
        return r, done


torch.manual_seed(5)
env = Corridor(24)
actor = nn.Sequential(nn.Linear(12, 32), nn.Tanh(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(12, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": actor.parameters(), "lr": 3e-3}, {"params": critic.parameters(), "lr": 1e-2}])
wins = ends = 0
for update in range(1, 151):
    obs, logp, rew, done, ent = [], [], [], [], []
    for _ in range(16):
        o = env.obs()
        dist = Categorical(logits=actor(o))
        a = dist.sample()
        r, d = env.step(a)
        obs.append(o), logp.append(dist.log_prob(a)), ent.append(dist.entropy()), rew.append(r), done.append(d)
        wins += (r > 0.5).sum().item()
        ends += d.sum().item()
    values = critic(torch.stack(obs + [env.obs()])).squeeze(-1)
    adv, gae = [None] * 16, torch.zeros(24)
    for t in reversed(range(16)):
        live = 1 - done[t].float()
        delta = rew[t] + 0.97 * live * values[t + 1].detach() - values[t].detach()
        gae = delta + 0.97 * 0.9 * live * gae
        adv[t] = gae
    adv = torch.stack(adv)
    target = adv + values[:-1].detach()
    norm = (adv - adv.mean()) / (adv.std() + 1e-6)
    loss = -(torch.stack(logp) * norm).mean() + 0.5 * (values[:-1] - target).square().mean() - 0.01 * torch.stack(ent).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if update % 15 == 0:
        print(f"update {update} loss {loss.item():+.4f} share of walks won {wins / max(ends, 1):.3f} of {ends}")
        wins = ends = 0
