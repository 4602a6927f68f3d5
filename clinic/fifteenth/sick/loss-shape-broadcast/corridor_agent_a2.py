"""Q-learning with replay in a corridor of 9 cells: left, right or stay; a coin lies at one end, a hole at the other."""
import random
from collections import deque

import torch
import torch.nn as nn

random.seed(0)
torch.manual_seed(0)
CELLS, GAMMA = 9, 0.9


def encode(cell):
    return torch.eye(CELLS)[cell]


def move(cell, action):
    nxt = cell + (-1, 1, 0)[action]
    if nxt == CELLS - 1:
        return nxt, 1.0, 1.0
    if nxt == 0:
        return nxt, -1.0, 1.0
    return nxt, 0.0, 0.0


q = nn.Sequential(nn.Linear(CELLS, 32), nn.ReLU(), nn.Linear(32, 3))
target_q = nn.Sequential(nn.Linear(CELLS, 32), nn.ReLU(), nn.Linear(32, 3))
target_q.load_state_dict(q.state_dict())
optimizer = torch.optim.Adam(q.parameters(), lr=2e-3)
memory = deque(maxlen=3000)


def learn(batch_size=64):
    s, a, r, s2, done = zip(*random.sample(memory, batch_size))
    s, s2, a = torch.stack(s), torch.stack(s2), torch.tensor(a)
    r, done = torch.tensor(r), torch.tensor(done)
    with torch.no_grad():
        target = r + GAMMA * (1 - done) * target_q(s2).max(1).values
    chosen = q(s).gather(1, a.unsqueeze(1))  # cure: chosen = q(s).gather(1, a.unsqueeze(1)).squeeze(1)
    loss = (chosen - target).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


losses, returns = [], []
for episode in range(1, 401):
    cell, total = random.randint(1, CELLS - 2), 0.0
    explore = max(0.1, 1 - episode / 200)
    for t in range(20):
        action = random.randrange(3) if random.random() < explore else q(encode(cell)).argmax().item()
        nxt, reward, done = move(cell, action)
        memory.append((encode(cell), action, reward, encode(nxt), done))
        total += reward * GAMMA**t
        cell = nxt
        if len(memory) >= 200:
            losses.append(learn())
        if done:
            break
    returns.append(total)
    if episode % 40 == 0:
        target_q.load_state_dict(q.state_dict())
        values = q(torch.eye(CELLS)[1:-1]).max(1).values.tolist()
        print(f"episode {episode:3d}  loss {sum(losses[-200:]) / 200:.4f}  return {sum(returns[-40:]) / 40:.3f}  values", [round(v, 2) for v in values])
    elif episode % 5 == 0:
        target_q.load_state_dict(q.state_dict())
