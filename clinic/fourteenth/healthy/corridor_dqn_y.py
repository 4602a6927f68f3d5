"""Q-learning with a target network: walk a corridor to its far end, where the reward is. The target moves every 150 steps."""
import random
from collections import deque

import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(7)
torch.manual_seed(7)
N, LIMIT, GAMMA = 9, 40, 0.95


def qnet():
    return nn.Sequential(nn.Linear(N, 32), nn.ReLU(), nn.Linear(32, 2))


def onehot(s):
    return F.one_hot(torch.as_tensor(s), N).float()


def move(s, a):
    s = max(0, s - 1) if a == 0 else s + 1
    return s, (1.0 if s == N - 1 else -0.01), s == N - 1


online, target = qnet(), qnet()
target.load_state_dict(online.state_dict())
target.requires_grad_(False)
opt = torch.optim.Adam(online.parameters(), lr=2e-3)
memory = deque(maxlen=3000)
steps, losses, lengths = 0, [], []
for episode in range(1, 161):
    s, eps = 0, max(0.1, 1 - episode / 70)
    for t in range(LIMIT):
        with torch.no_grad():
            a = random.randrange(2) if random.random() < eps else online(onehot(s)).argmax().item()
        nxt, r, done = move(s, a)
        memory.append((s, a, r, nxt, float(done)))
        s = nxt
        steps += 1
        if len(memory) >= 200 and steps % 2 == 0:
            bs, ba, br, bn, bd = (torch.tensor(v) for v in zip(*random.sample(memory, 32)))
            with torch.no_grad():
                goal = br + GAMMA * (1 - bd) * target(onehot(bn)).max(1).values
            q = online(onehot(bs)).gather(1, ba[:, None]).squeeze(1)
            loss = F.smooth_l1_loss(q, goal)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if steps % 150 == 0:
            target.load_state_dict(online.state_dict())
        if done:
            break
    lengths.append(t + 1)
    if episode % 16 == 0:
        with torch.no_grad():
            v0 = online(onehot(0)).max().item()
        print(f"episode {episode}: mean length {sum(lengths[-16:]) / 16:.1f} td loss {sum(losses[-200:]) / max(1, len(losses[-200:])):.5f} value of the start {v0:.3f}")
