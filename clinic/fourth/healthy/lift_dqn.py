"""Deep Q-learning with replay and a target network: park an idle lift where the next call is likely."""
import random
from collections import deque

import torch
import torch.nn as nn

FLOORS, HORIZON = 8, 20


def observe(floor, phase):
    x = torch.zeros(FLOORS + 2)
    x[floor] = 1.0
    x[FLOORS + phase] = 1.0
    return x


def next_call(phase):
    likely = 0 if phase == 0 else 6
    return likely if random.random() < 0.8 else random.randrange(FLOORS)


def move(floor, phase, action):
    floor = min(FLOORS - 1, max(0, floor + action - 1))
    call = next_call(phase)
    reward = -abs(call - floor) / FLOORS - 0.02 * (action != 1)
    phase = phase if random.random() < 0.9 else 1 - phase
    return floor, phase, reward


def mlp():
    return nn.Sequential(nn.Linear(FLOORS + 2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))


def average_return(q, episodes=60):
    total = 0.0
    for _ in range(episodes):
        floor, phase = random.randrange(FLOORS), random.randrange(2)
        for _ in range(HORIZON):
            with torch.no_grad():
                a = q(observe(floor, phase)).argmax().item()
            floor, phase, r = move(floor, phase, a)
            total += r
    return total / episodes


random.seed(2)
torch.manual_seed(2)
q, target = mlp(), mlp()
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory = deque(maxlen=5000)
floor, phase = 3, 0
print(f"step     0  return {average_return(q):.3f}")
for step in range(1, 4001):
    eps = max(0.1, 1 - step / 1500)
    s = observe(floor, phase)
    with torch.no_grad():
        a = random.randrange(3) if random.random() < eps else q(s).argmax().item()
    floor, phase, r = move(floor, phase, a)
    memory.append((s, a, r, observe(floor, phase)))
    if step > 200 and step % 2 == 0:
        s0, a0, r0, s1 = zip(*random.sample(memory, 64))
        with torch.no_grad():
            goal = torch.tensor(r0) + 0.9 * target(torch.stack(s1)).max(1).values
        value = q(torch.stack(s0)).gather(1, torch.tensor(a0)[:, None]).squeeze(1)
        loss = nn.functional.smooth_l1_loss(value, goal)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if step % 200 == 0:
        target.load_state_dict(q.state_dict())
    if step % 500 == 0:
        print(f"step {step:5d}  td {loss.item():.4f}  return {average_return(q):.3f}")
