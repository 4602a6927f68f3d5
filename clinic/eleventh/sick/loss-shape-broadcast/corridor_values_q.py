"""Policy evaluation: TD(0) with a target network learns the value of every cell of a corridor under a drifting walk."""
import copy

import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(29)
rng = np.random.default_rng(29)
CELLS, GAMMA = 12, 0.95


def exact_values():
    P, r = np.zeros((CELLS, CELLS)), np.zeros(CELLS)
    for s in range(CELLS):
        P[s, max(s - 1, 0)] += 0.35
        if s + 1 < CELLS:
            P[s, s + 1] += 0.65
        else:
            r[s] = 0.65
    return np.linalg.solve(np.eye(CELLS) - GAMMA * P, r)


def transitions(n):
    s = rng.integers(0, CELLS, n)
    up = rng.random(n) < 0.65
    done = up & (s == CELLS - 1)
    nxt = np.where(up, np.minimum(s + 1, CELLS - 1), np.maximum(s - 1, 0))
    to = lambda a: torch.tensor(a.astype(np.float32))
    return torch.tensor(s), to(done * 1.0), torch.tensor(nxt), to(done * 1.0)


class ValueNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(CELLS, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, s):
        return self.net(nn.functional.one_hot(s, CELLS).float())


truth = torch.tensor(exact_values()).float()
value = ValueNet()
target = copy.deepcopy(value)
opt = torch.optim.Adam(value.parameters(), lr=5e-3)
for step in range(1, 1501):
    s, reward, nxt, done = transitions(64)
    with torch.no_grad():
        goal = reward + GAMMA * (1 - done) * target(nxt).squeeze(-1)
    td_error = goal - value(s)  # cure: td_error = goal - value(s).squeeze(-1)
    loss = td_error.pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 10 == 0:
        target.load_state_dict(value.state_dict())
    if step % 150 == 0:
        with torch.no_grad():
            v = value(torch.arange(CELLS)).squeeze(-1)
        print(f"step {step:5d} td loss {loss.item():.5f} value error {(v - truth).abs().mean():.4f} "
              f"first {v[0]:.3f} last {v[-1]:.3f}")
