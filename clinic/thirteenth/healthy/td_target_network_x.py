"""Q-learning with a target network on a cart that must stop at a mark: the values keep growing for long and the TD loss hardly falls."""
import copy

import torch
from torch import nn

torch.manual_seed(15)
q = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 3))
target = copy.deepcopy(q).requires_grad_(False)
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
FORCE = torch.tensor([-0.25, 0.0, 0.25])
GAMMA, N = 0.9, 20000


def env(s, a):
    v = (0.95 * s[:, 1] + FORCE[a]).clamp(-1, 1)
    p = (s[:, 0] + 0.3 * v).clamp(-2, 2)
    return torch.stack([p, v], 1), torch.exp(-4 * p ** 2) - 0.1 * (FORCE[a] != 0)


def play(n=200, steps=40):
    s = torch.stack([4 * torch.rand(n) - 2, 0.5 * torch.randn(n).clamp(-2, 2)], 1)
    total = torch.zeros(n)
    for _ in range(steps):
        with torch.no_grad():
            a = q(s).argmax(1)
        s, r = env(s, a)
        total += r
    return total.mean().item(), s[:, 0].abs().mean().item()


states = torch.stack([4 * torch.rand(N) - 2, 2 * torch.rand(N) - 1], 1)     # exploring starts
actions = torch.randint(0, 3, (N,))
following, rewards = env(states, actions)
smooth = 0.0
print("untrained: return %.2f, distance %.3f" % play())
for step in range(1, 3001):
    i = torch.randint(0, N, (128,))
    with torch.no_grad():
        best = q(following[i]).argmax(1, keepdim=True)
        goal = rewards[i] + GAMMA * target(following[i]).gather(1, best).squeeze(1)
    value = q(states[i]).gather(1, actions[i, None]).squeeze(1)
    loss = nn.functional.smooth_l1_loss(value, goal)
    opt.zero_grad()
    loss.backward()
    opt.step()
    smooth = 0.99 * smooth + 0.01 * loss.item()
    if step % 50 == 0:
        target.load_state_dict(q.state_dict())
    if step % 300 == 0:
        print(f"step {step} td loss {smooth:.4f} mean value {value.mean().item():.2f} return %.2f distance %.3f" % play())
