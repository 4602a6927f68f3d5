"""Learn the Lorenz system's vector field by matching simulated rollouts with the observed trajectory."""
import numpy as np
import torch
from torch import nn

DT = 0.03
HORIZON = 50  # cure: HORIZON = 5
STEPS = 140


def lorenz(n, seed):
    rng = np.random.default_rng(seed)
    s = rng.normal(size=3) + np.array([0.0, 0.0, 25.0])
    out = []
    for k in range((n + 200) * 10):
        x, y, z = s
        s = s + DT / 10 * np.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])
        if k % 10 == 0:
            out.append(s)
    a = np.array(out[200:], dtype=np.float32)
    return torch.from_numpy((a - np.array([0, 0, 24], dtype=np.float32)) / 9.0)


class Field(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(3, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 3))

    def step(self, s):
        k1 = self.f(s)
        return s + DT * 10 * self.f(s + DT * 5 * k1)

    def rollout(self, s, n):
        states = []
        for _ in range(n):
            s = self.step(s)
            states.append(s)
        return torch.stack(states, 1)


torch.manual_seed(3)
rng = np.random.default_rng(3)
train, test = lorenz(3000, 1), lorenz(1000, 2)
model = Field()
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
recent = []
for step in range(1, STEPS + 1):
    start = torch.tensor(rng.integers(0, len(train) - HORIZON - 1, 64))
    target = torch.stack([train[start + k] for k in range(1, HORIZON + 1)], 1)
    loss = ((model.rollout(train[start], HORIZON) - target) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    recent.append(loss.item())
    if step % 20 == 0:
        with torch.no_grad():
            one = ((model.step(test[:-1]) - test[1:]) ** 2).mean().item()
        print(f"step {step}: rollout loss {np.mean(recent[-20:]):.5f}  one-step test error {one:.6f}")
