"""Policy gradient with a learned baseline: steers a drifting boat (1-d, random gusts) to the buoy within 20 moves."""
import torch
from torch import nn
from torch.distributions import Categorical


class Harbour:
    def __init__(self, n):
        self.x = torch.rand(n) * 4 - 2
        self.v = torch.zeros(n)

    def obs(self):
        return torch.stack([self.x, self.v], 1)

    def move(self, action):
        self.v = 0.8 * self.v + 0.25 * (action.float() - 1) + 0.05 * torch.randn(len(self.x))
        self.x = self.x + self.v
        return -self.x.abs().clamp(max=3)


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.actor = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 3))
        self.critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))


torch.manual_seed(207)
net = ActorCritic()
opt_a = torch.optim.Adam(net.actor.parameters(), lr=4e-3)
opt_c = torch.optim.Adam(net.critic.parameters(), lr=1e-2)
for it in range(1, 151):
    env = Harbour(64)
    logp, values, rewards, ent = [], [], [], 0.0
    for _ in range(20):
        o = env.obs()
        dist = Categorical(logits=net.actor(o))
        a = dist.sample()
        logp.append(dist.log_prob(a))
        values.append(net.critic(o).squeeze(1))
        rewards.append(env.move(a))
        ent = ent + dist.entropy().mean() / 20
    returns, run = [], torch.zeros(64)
    for r in reversed(rewards):
        run = r + 0.9 * run
        returns.insert(0, run)
    returns, values, logp = torch.stack(returns), torch.stack(values), torch.stack(logp)
    adv = returns - values.detach()
    adv = (adv - adv.mean()) / (adv.std() + 1e-6)
    actor_loss = -(adv * logp).mean() - 0.003 * ent
    critic_loss = (values - returns).pow(2).mean()
    opt_a.zero_grad()
    actor_loss.backward()
    opt_a.step()
    opt_c.zero_grad()
    critic_loss.backward()
    opt_c.step()
    if it % 15 == 0:
        print(f"{it} actor {actor_loss.item():+.4f} critic {critic_loss.item():.3f} "
              f"mean distance at the end {env.x.abs().mean():.3f} return {torch.stack(rewards).sum(0).mean():.2f}")
