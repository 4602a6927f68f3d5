"""Deep Q-learning with a frozen target network on a corridor: the TD loss grows as the values do, the return improves."""
import random
from collections import deque

import torch
from torch import nn

random.seed(10)
torch.manual_seed(10)
N = 8


def features(s):
    return nn.functional.one_hot(torch.as_tensor(s), N).float()


def step(s, a):
    if random.random() < 0.1:
        a = 1 - a
    s2 = max(0, s - 1) if a == 0 else s + 1
    if s2 == N - 1:
        return s2, 10.0, True
    return s2, (0.1 if s2 == 0 else 0.0), False


def make():
    return nn.Sequential(nn.Linear(N, 32), nn.ReLU(), nn.Linear(32, 2))


q, target = make(), make()
target.load_state_dict(q.state_dict())
target.requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
memory, losses, returns = deque(maxlen=5000), deque(maxlen=200), deque(maxlen=40)
s, total, length = 0, 0.0, 0
for t in range(1, 6001):
    eps = max(0.1, 1 - t / 3000)
    with torch.no_grad():
        a = random.randrange(2) if random.random() < eps else q(features(s)).argmax().item()
    s2, r, done = step(s, a)
    memory.append((s, a, r, s2, float(done)))
    total, length, s = total + r, length + 1, s2
    if done or length == 60:
        returns.append(total / length)
        s, total, length = random.randrange(N - 1), 0.0, 0
    if t > 200 and t % 2 == 0:
        bs, ba, br, bs2, bd = (torch.tensor(c) for c in zip(*random.sample(memory, 64)))
        goal = br + 0.95 * (1 - bd) * target(features(bs2)).max(1).values
        loss = nn.functional.smooth_l1_loss(q(features(bs)).gather(1, ba[:, None]).squeeze(1), goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if t % 200 == 0:
        target.load_state_dict(q.state_dict())
    if t % 600 == 0:
        with torch.no_grad():
            values = q(features(list(range(N - 1))))
        print(f"t {t:5d}  TD loss {sum(losses) / len(losses):.4f}  reward per step {sum(returns) / len(returns):.3f}  "
              f"greedy right in {int(values.argmax(1).sum())} of {N - 1} states  Q(start) {values[0].max():.2f}")
