"""Teaches a pusher to keep a drifting trolley near the middle (policy gradient with a baseline)."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(6)
PUSH = torch.tensor([-0.15, 0.0, 0.15])


class Trolleys:
    """A batch of trolleys that slide and are slowly blown about."""

    def __init__(self, n):
        self.x = torch.empty(n).uniform_(-0.8, 0.8)
        self.v = torch.empty(n).uniform_(-0.1, 0.1)

    def state(self):
        return torch.stack([self.x, self.v * 5], 1)

    def step(self, action):
        self.v = 0.9 * self.v + PUSH[action] + 0.02 * torch.randn_like(self.v)
        self.x = (self.x + self.v).clamp(-3, 3)
        return -self.x.abs()


policy = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 3))
opt = torch.optim.Adam(policy.parameters(), lr=0.01)


def episode(n=48, length=15):
    env, logps, rewards = Trolleys(n), [], []
    for _ in range(length):
        dist = Categorical(logits=policy(env.state()))
        a = dist.sample()
        logps.append(dist.log_prob(a))
        rewards.append(env.step(a))
    r = torch.stack(rewards)
    togo = r.flip(0).cumsum(0).flip(0)
    return torch.stack(logps), togo, r.mean().item()


for it in range(1, 201):
    logp, togo, mean_reward = episode()
    adv = togo - togo.mean(1, keepdim=True)
    adv = adv / (adv.std() + 1e-6)
    loss = (logp * adv).mean()  # cure: loss = -(logp * adv).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 20 == 0:
        print(f"iteration {it:3d}  mean distance from the middle {-mean_reward:.3f}")
