"""Learn a controller for a falling pole by differentiating through the simulated time steps."""
import torch
from torch import nn

torch.manual_seed(1)
DT, STEPS = 0.05, 40


def simulate(policy, state):
    """Semi-implicit Euler for a linearised pole; returns the mean cost per step."""
    angle, speed = state[:, :1], state[:, 1:]
    cost = 0.0
    for _ in range(STEPS):
        push = policy(torch.cat([angle, speed], 1))
        speed = speed + DT * (9.0 * angle + 4.0 * push)
        angle = angle + DT * speed
        cost = cost + (angle**2 + 0.1 * speed**2 + 0.001 * push**2).mean()
    return cost / STEPS


policy = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.SGD(policy.parameters(), lr=0.02)
for it in range(200):
    start = 0.5 * torch.randn(64, 2)
    cost = simulate(policy, start)
    optimizer.zero_grad()
    cost.backward()
    # cure: nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optimizer.step()
    if it % 20 == 0 or it == 199:
        print(f"iteration {it:3d}   cost {cost.item():.4g}")
