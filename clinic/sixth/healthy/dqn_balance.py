"""Double DQN with a target network and replay on a noisy pole-balancing toy (one-dimensional inverted pendulum)."""
import copy
import math
import random
from collections import deque

import torch
from torch import nn

FORCES = (-2.0, 0.0, 2.0)


def reset():
    return [random.uniform(-0.2, 0.2), random.uniform(-0.2, 0.2)]


def step(s, a):
    th, om = s
    om += 0.05 * (6 * math.sin(th) + 2.5 * FORCES[a] + random.gauss(0, 0.5))
    th += 0.05 * om
    return [th, om], math.cos(3 * th) - 0.01 * abs(FORCES[a]), abs(th) > 0.6


def tensors(batch):
    s, a, r, s2, d = zip(*batch)
    return torch.tensor(s), torch.tensor(a), torch.tensor(r), torch.tensor(s2), torch.tensor(d, dtype=torch.float32)


def play(q, n=8, limit=100):
    total = 0
    for _ in range(n):
        s = reset()
        for t in range(limit):
            with torch.no_grad():
                s, _, fell = step(s, q(torch.tensor(s)).argmax().item())
            if fell:
                break
        total += t + 1
    return total / n


random.seed(3)
torch.manual_seed(3)
q = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))
target = copy.deepcopy(q).requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory, s, life = deque(maxlen=10_000), reset(), 0
print("untrained: survives", play(q), "of 100 steps")
for it in range(1, 3001):
    eps = max(0.05, 1 - it / 1500)
    with torch.no_grad():
        a = random.randrange(3) if random.random() < eps else q(torch.tensor(s)).argmax().item()
    s2, r, fell = step(s, a)
    memory.append((s, a, r, s2, fell))
    life += 1
    s, life = (reset(), 0) if fell or life >= 100 else (s2, life)
    if len(memory) >= 200:
        bs, ba, br, bn, bd = tensors(random.sample(memory, 64))
        with torch.no_grad():
            best = q(bn).argmax(1, keepdim=True)
            y = br + 0.95 * (1 - bd) * target(bn).gather(1, best).squeeze(1)
        loss = nn.functional.smooth_l1_loss(q(bs).gather(1, ba[:, None]).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 100 == 0:
            target.load_state_dict(q.state_dict())
        if it % 500 == 0:
            print(f"step {it}: td loss {loss.item():.4f}  survives {play(q):.0f} of 100 steps  eps {eps:.2f}")
