"""Learn to keep a room at its set point with REINFORCE (heater off, half, full; reward: comfort minus energy)."""
import torch
from torch import nn
from torch.distributions import Categorical


class Rooms:
    """A batch of rooms simulated side by side."""

    def __init__(self, n):
        self.n = n

    def reset(self):
        self.inside = torch.empty(self.n).uniform_(-3, 3)
        self.outside = torch.empty(self.n).uniform_(-2, 0)
        return self.state()

    def state(self):
        return torch.stack([self.inside / 2, self.outside + 1], dim=1)

    def step(self, action):
        heat = action.float() * 0.5
        self.inside = self.inside + 0.25 * (self.outside - 0.3 * self.inside) + heat * 1.2 + 0.05 * torch.randn(self.n)
        return self.state(), -(self.inside ** 2).clamp(max=9) - 0.1 * heat


def rollout(policy, rooms, horizon=15):
    s, logs, rewards = rooms.reset(), [], []
    for _ in range(horizon):
        pi = Categorical(logits=policy(s))
        a = pi.sample()
        s, r = rooms.step(a)
        logs.append(pi.log_prob(a))
        rewards.append(r)
    rewards = torch.stack(rewards)
    returns = rewards.flip(0).cumsum(0).flip(0)
    return torch.stack(logs), returns, rewards.sum(0).mean().item()


def main():
    torch.manual_seed(1)
    policy = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 3))
    opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
    rooms, smooth = Rooms(64), None
    for it in range(1, 301):
        logp, returns, score = rollout(policy, rooms)
        advantage = returns - returns.mean(1, keepdim=True)
        loss = -(logp * advantage / 10).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        smooth = score if smooth is None else 0.9 * smooth + 0.1 * score
        if it == 1 or it % 30 == 0:
            print(f"iteration {it:3d}  loss {loss.item():+.4f}  return {smooth:.2f}")


main()
