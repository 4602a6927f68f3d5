"""Deep Q-learning on a small grid with pits: replay buffer, epsilon-greedy play, slowly copied target network."""
import random
from collections import deque

import torch
import torch.nn as nn

SIZE, GOAL, PITS = 5, (4, 4), {(1, 3), (2, 1), (3, 3)}
MOVES = [(0, 1), (0, -1), (1, 0), (-1, 0)]


def encode(pos):
    v = torch.zeros(2 * SIZE)
    v[pos[0]] = 1
    v[SIZE + pos[1]] = 1
    return v


def step(pos, a):
    dx, dy = MOVES[a]
    pos = (min(max(pos[0] + dx, 0), SIZE - 1), min(max(pos[1] + dy, 0), SIZE - 1))
    if pos == GOAL:
        return pos, 1.0, True
    if pos in PITS:
        return pos, -1.0, True
    return pos, -0.02, False


def network():
    return nn.Sequential(nn.Linear(2 * SIZE, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))


def greedy(q):
    wins = 0
    starts = [(x, y) for x in range(SIZE) for y in range(SIZE) if (x, y) != GOAL and (x, y) not in PITS]
    for pos in starts:
        for _ in range(15):
            with torch.no_grad():
                pos, r, done = step(pos, int(q(encode(pos)).argmax()))
            if done:
                wins += r > 0
                break
    return wins / len(starts)


random.seed(4)
torch.manual_seed(4)
q, slow = network(), network()
slow.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory, losses = deque(maxlen=4000), []
pos, age = (0, 0), 0
for t in range(1, 4001):
    eps = max(0.1, 1 - t / 2000)
    a = random.randrange(4) if random.random() < eps else int(q(encode(pos)).argmax())
    nxt, r, done = step(pos, a)
    memory.append((encode(pos), a, r, encode(nxt), float(done)))
    age += 1
    fresh = done or age > 40
    pos, age = (random.choice([(0, 0), (0, 4), (4, 0), (2, 2)]), 0) if fresh else (nxt, age)
    if t > 200 and t % 2 == 0:
        s, a, r, n, d = zip(*random.sample(memory, 48))
        s, n, a, r, d = torch.stack(s), torch.stack(n), torch.tensor(a), torch.tensor(r), torch.tensor(d)
        with torch.no_grad():
            goal = r + 0.95 * (1 - d) * slow(n).gather(1, q(n).argmax(1, keepdim=True)).squeeze(1)
        loss = nn.functional.smooth_l1_loss(q(s).gather(1, a[:, None]).squeeze(1), goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
        with torch.no_grad():
            for p, p_slow in zip(q.parameters(), slow.parameters()):
                p_slow.lerp_(p, 0.02)
    if t % 500 == 0:
        print(f"move {t}: epsilon {eps:.2f}, td loss {sum(losses) / len(losses):.4f}, greedy wins {greedy(q):.2f}")
        losses = []
