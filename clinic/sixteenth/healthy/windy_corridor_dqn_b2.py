"""Q-learning with replay and a slowly following target network in a small windy corridor.  The TD loss chases a moving
target and need not fall; the return is what counts."""
import copy

import torch
from torch import nn

torch.manual_seed(14)
N, LIMIT, GAMMA = 8, 30, 0.97


def move(pos, action):
    """Actions: left, right, up, down on an N x 3 grid; wind sometimes pushes down; the goal is top right."""
    x, y = pos[:, 0], pos[:, 1]
    wind = (torch.rand(len(pos)) < 0.15).long()
    x = (x + (action == 1).long() - (action == 0).long()).clamp(0, N - 1)
    y = (y + (action == 2).long() - (action == 3).long() - wind).clamp(0, 2)
    done = (x == N - 1) & (y == 2)
    return torch.stack([x, y], 1), done.float() - 0.02, done


def features(pos):
    return nn.functional.one_hot(pos[:, 0] * 3 + pos[:, 1], N * 3).float()


q = nn.Sequential(nn.Linear(N * 3, 64), nn.ReLU(), nn.Linear(64, 4))
target = copy.deepcopy(q).requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
memory, pos, age = [], torch.zeros(16, 2, dtype=torch.long), torch.zeros(16)


@torch.no_grad()
def greedy_return(walkers=200):
    p, alive, total = torch.zeros(walkers, 2, dtype=torch.long), torch.ones(walkers), torch.zeros(walkers)
    for _ in range(LIMIT):
        p, r, done = move(p, q(features(p)).argmax(1))
        total += r * alive
        alive = alive * (~done).float()
    return total.mean().item()


for step in range(1, 2501):
    epsilon = max(0.1, 1 - step / 1000)
    with torch.no_grad():
        action = torch.where(torch.rand(16) < epsilon, torch.randint(4, (16,)), q(features(pos)).argmax(1))
    new, reward, done = move(pos, action)
    memory.append((pos, action, reward, new, done))
    age = age + 1
    reset = done | (age >= LIMIT)
    pos, age = new * (~reset).long()[:, None], age * (~reset).float()
    if step < 100:
        continue
    picks = [memory[i] for i in torch.randint(len(memory), (8,))]
    s, a, r, s2, d = (torch.cat(part) for part in zip(*picks))
    with torch.no_grad():
        goal = r + GAMMA * (~d).float() * target(features(s2)).max(1).values
    value = q(features(s)).gather(1, a[:, None]).squeeze(1)
    loss = nn.functional.smooth_l1_loss(value, goal)
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for slow, fast in zip(target.parameters(), q.parameters()):
            slow.lerp_(fast, 0.01)
    if step % 250 == 0:
        print(f"step {step} epsilon {epsilon:.2f} td loss {loss.item():.5f} mean value {value.mean().item():.3f} greedy return {greedy_return():.3f}")
