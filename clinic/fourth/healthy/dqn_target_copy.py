"""Q-learning with a replay memory and a frozen target network: find the treasure on a slippery 5x5 grid."""
import copy
import torch
from torch import nn

torch.manual_seed(0)
SIZE, GAMMA = 5, 0.9
moves = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


def one_hot(pos):
    return torch.eye(SIZE * SIZE)[pos[:, 0] * SIZE + pos[:, 1]]


def step(pos, action):
    slip = torch.rand(len(pos)) < 0.1
    action = torch.where(slip, torch.randint(4, action.shape), action)
    new = (pos + moves[action]).clamp(0, SIZE - 1)
    done = (new == SIZE - 1).all(1)
    return new, done.float() - 0.01, done


q = nn.Sequential(nn.Linear(SIZE * SIZE, 64), nn.ReLU(), nn.Linear(64, 4))
target = copy.deepcopy(q)
for p in target.parameters():
    p.requires_grad = False
opt = torch.optim.RMSprop(q.parameters(), lr=1e-3)
pos = torch.randint(SIZE, (4000, 2))
act = torch.randint(4, (4000,))
nxt, rew, done = step(pos, act)


def greedy_return():
    p, alive, total = torch.zeros(50, 2, dtype=torch.long), torch.ones(50), torch.zeros(50)
    for k in range(25):
        with torch.no_grad():
            a = q(one_hot(p)).argmax(1)
        p, r, d = step(p, a)
        total += alive * r * GAMMA ** k
        alive = alive * (~d).float()
    return total.mean().item()


for it in range(1, 1001):
    idx = torch.randint(len(pos), (64,))
    with torch.no_grad():
        goal = rew[idx] + GAMMA * (~done[idx]).float() * target(one_hot(nxt[idx])).max(1).values
    chosen = q(one_hot(pos[idx])).gather(1, act[idx, None]).squeeze(1)
    loss = (chosen - goal).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        target.load_state_dict(q.state_dict())
    if it % 100 == 0:
        print(f"{it:5d}: td loss {loss.item():.5f}, mean q {chosen.mean().item():.3f}, discounted return {greedy_return():.3f}")
