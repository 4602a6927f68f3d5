"""Q-learning in a corridor of 12 cells with a treasure at the far end; replay memory and a slowly updated copy."""
import copy
import random
from collections import deque

import torch
from torch import nn

random.seed(11)
torch.manual_seed(11)
CELLS, LIMIT, GAMMA = 12, 30, 0.95


class Corridor:
    """Right leads to the treasure (+1); a snack (+0.1) waits at the left end and ends the walk."""

    def reset(self):
        self.at, self.t = random.randint(2, 5), 0
        return self.at

    def step(self, right):
        self.at += 1 if (right == 1) != (random.random() < 0.1) else -1
        self.t += 1
        if self.at == CELLS - 1:
            return self.at, 1.0, True
        if self.at == 0:
            return self.at, 0.1, True
        return self.at, 0.0, self.t >= LIMIT


def one_hot(cells):
    return nn.functional.one_hot(torch.as_tensor(cells), CELLS).float()


q = nn.Sequential(nn.Linear(CELLS, 32), nn.ReLU(), nn.Linear(32, 2))
slow = copy.deepcopy(q).requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=4e-3)
memory = deque(maxlen=4000)
env, returns = Corridor(), []
for episode in range(1, 121):
    s, done, eps = env.reset(), False, max(0.05, 1 - episode / 60)
    while not done:
        with torch.no_grad():
            a = random.randrange(2) if random.random() < eps else q(one_hot([s])).argmax().item()
        s2, r, done = env.step(a)
        memory.append((s, a, r, s2, float(done and r > 0)))
        s = s2
        if len(memory) >= 200 and env.t % 3 == 0:
            S, A, R, S2, E = map(torch.tensor, zip(*random.sample(memory, 32)))
            goal = R + GAMMA * (1 - E) * slow(one_hot(S2)).max(1).values
            guess = q(one_hot(S)).gather(1, A[:, None]).squeeze(1)
            loss = nn.functional.smooth_l1_loss(guess, goal)
            opt.zero_grad()
            loss.backward()
            opt.step()
            for a_, b_ in zip(slow.parameters(), q.parameters()):
                a_.lerp_(b_, 0.05)
    returns.append(r)
    if episode % 20 == 0:
        print(f"episode {episode}: last twenty returns {sum(returns[-20:]) / 20:.3f}, exploring {eps:.2f}")
