"""Deep Q-learning with replay and a target network on a 7x7 grid with a pit in the middle."""
import random
from collections import deque

import torch
from torch import nn

MOVES = [(0, 1), (0, -1), (1, 0), (-1, 0)]
GOAL, PIT, SIZE = (6, 6), {(3, 3), (3, 4), (2, 4), (4, 2)}, 7


def reset(rng):
    while True:
        s = (rng.randrange(SIZE), rng.randrange(SIZE))
        if s != GOAL and s not in PIT:
            return s


def step(s, a):
    r, c = s[0] + MOVES[a][0], s[1] + MOVES[a][1]
    s2 = (min(max(r, 0), SIZE - 1), min(max(c, 0), SIZE - 1))
    if s2 == GOAL:
        return s2, 1.0, True
    if s2 in PIT:
        return s2, -1.0, True
    return s2, -0.02, False


def encode(states):
    t = torch.zeros(len(states), 2 * SIZE)
    for i, (r, c) in enumerate(states):
        t[i, r] = t[i, SIZE + c] = 1.0
    return t


def greedy_success(q, limit=14):
    wins, starts = 0, [(r, c) for r in range(SIZE) for c in range(SIZE) if (r, c) != GOAL and (r, c) not in PIT]
    with torch.no_grad():
        table = {s: q(encode([s])).argmax().item() for s in starts}
    for s in starts:
        for _ in range(limit):
            s, reward, done = step(s, table[s])
            if done:
                wins += reward > 0
                break
    return wins / len(starts)


rng = random.Random(5)
torch.manual_seed(5)
q = nn.Sequential(nn.Linear(2 * SIZE, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
target = nn.Sequential(nn.Linear(2 * SIZE, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory, s, age = deque(maxlen=4000), reset(rng), 0
for t in range(1, 3001):
    eps = max(0.1, 1 - t / 1500)
    with torch.no_grad():
        a = rng.randrange(4) if rng.random() < eps else q(encode([s])).argmax().item()
    s2, reward, done = step(s, a)
    memory.append((s, a, reward, s2, float(done)))
    age = age + 1
    s, age = (reset(rng), 0) if done or age > 30 else (s2, age)
    if t >= 200 and t % 2 == 0:
        b, ba, br, b2, bd = zip(*rng.sample(memory, 48))
        with torch.no_grad():
            goal = torch.tensor(br) + 0.95 * (1 - torch.tensor(bd)) * target(encode(b2)).amax(1)
        loss = nn.functional.smooth_l1_loss(q(encode(b)).gather(1, torch.tensor(ba)[:, None]).squeeze(1), goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if t % 100 == 0:
        target.load_state_dict(q.state_dict())
    if t % 300 == 0:
        print(f"step {t}: epsilon {eps:.2f}, td loss {loss.item():.4f}, greedy success {greedy_success(q):.2f}")
