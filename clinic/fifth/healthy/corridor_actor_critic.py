"""Actor-critic in a windy corridor: reach the right end, every step costs a little."""
import torch
import torch.nn.functional as F
from torch import nn

LENGTH, LIMIT, ENVS = 9, 30, 24


class Corridor:
    """ENVS corridors side by side; with probability 0.15 the wind pushes one cell back."""

    def reset(self):
        self.pos = torch.randint(0, LENGTH // 2, (ENVS,))
        self.done = torch.zeros(ENVS, dtype=torch.bool)
        return F.one_hot(self.pos, LENGTH).float()

    def step(self, action):
        move = 2 * action - 1 - (torch.rand(ENVS) < 0.15).long()
        self.pos = torch.where(self.done, self.pos, (self.pos + move).clamp(0, LENGTH - 1))
        reached = (self.pos == LENGTH - 1) & ~self.done
        reward = torch.where(self.done, 0.0, -0.05) + reached.float()
        self.done = self.done | reached
        return F.one_hot(self.pos, LENGTH).float(), reward


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(LENGTH, 32), nn.Tanh())
        self.pi, self.v = nn.Linear(32, 2), nn.Linear(32, 1)

    def forward(self, s):
        h = self.body(s)
        return torch.distributions.Categorical(logits=self.pi(h)), self.v(h).squeeze(-1)


def rollout(env, net):
    state, logs, values, rewards, alive, ents = env.reset(), [], [], [], [], []
    for _ in range(LIMIT):
        dist, v = net(state)
        a = dist.sample()
        alive.append((~env.done).float())
        state, r = env.step(a)
        logs.append(dist.log_prob(a)), values.append(v), rewards.append(r), ents.append(dist.entropy())
        if env.done.all():
            break
    returns, g = [], torch.zeros(ENVS)
    for r in reversed(rewards):
        g = r + 0.97 * g
        returns.insert(0, g)
    return [torch.stack(t) for t in (logs, values, returns, alive, ents)], torch.stack(rewards).sum(0).mean().item()


torch.manual_seed(2)
env, net = Corridor(), ActorCritic()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
recent = 0.0
for it in range(1, 201):
    (logp, v, ret, alive, ent), score = rollout(env, net)
    adv = (ret - v).detach()
    n = alive.sum()
    policy = -(logp * adv * alive).sum() / n
    value = ((ret - v).pow(2) * alive).sum() / n
    loss = policy + 0.5 * value - 0.005 * (ent * alive).sum() / n
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    opt.step()
    recent += score
    if it % 20 == 0:
        print(f"iteration {it:3d}  return {recent / 20:+.3f}  value loss {value.item():.4f}  steps {len(logp)}")
        recent = 0.0
