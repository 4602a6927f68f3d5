"""REINFORCE with a learnt baseline: push a cart to the origin of a line (left, coast, right), batch of episodes."""
import torch
from torch import nn
from torch.distributions import Categorical


class CartLine:
    """Vectorised: position and speed of n carts, 30 steps per episode."""

    def __init__(self, n):
        self.state = torch.stack([torch.rand(n) * 4 - 2, torch.zeros(n)], 1)

    def step(self, action):
        pos, speed = self.state.T
        speed = 0.9 * speed + 0.12 * (action - 1).float() + 0.02 * torch.randn(len(pos))
        pos = (pos + speed).clamp(-4, 4)
        self.state = torch.stack([pos, speed], 1)
        return -pos.abs()


def play(policy, n, steps=30):
    env = CartLine(n)
    states, logps, rewards, entropy = [], [], [], 0.0
    for _ in range(steps):
        s = env.state
        dist = Categorical(logits=policy(s))
        a = dist.sample()
        rewards.append(env.step(a))
        logps.append(dist.log_prob(a))
        states.append(s)
        entropy = entropy + dist.entropy().mean() / steps
    return torch.stack(states), torch.stack(logps), torch.stack(rewards), entropy


def returns(rewards, gamma=0.95):
    out, run = torch.zeros_like(rewards), torch.zeros(rewards.shape[1])
    for t in range(len(rewards) - 1, -1, -1):
        run = rewards[t] + gamma * run
        out[t] = run
    return out


def main():
    torch.manual_seed(6)
    policy = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 3))
    value = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
    opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 5e-3}, {"params": value.parameters(), "lr": 2e-2}])
    for it in range(1, 151):
        s, logp, r, ent = play(policy, 32)
        g = returns(r)
        v = value(s).squeeze(-1)
        adv = (g - v).detach()
        adv = (adv - adv.mean()) / (adv.std() + 1e-6)
        loss = -(logp * adv).mean() + 0.5 * (g - v).pow(2).mean() - 0.01 * ent
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(list(policy.parameters()) + list(value.parameters()), 5.0)
        opt.step()
        if it % 15 == 0:
            print(f"iteration {it:3d}  mean distance {-r.mean().item():.3f}  at the end {-r[-1].mean().item():.3f}  "
                  f"loss {loss.item():+.3f}  entropy {ent.item():.3f}")


main()
