"""Learn a controller of an unstable two-state plant by differentiating through a simulation of 30 time steps."""
import torch
from torch import nn

torch.manual_seed(0)
A = torch.tensor([[1.2, 0.2], [0.0, 1.1]])
B = torch.tensor([[0.1, 0.5]])
controller = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(controller.parameters(), lr=0.02)


def simulate(x, steps=30):
    cost = 0.0
    for _ in range(steps):
        u = controller(x)
        x = x @ A.T + u @ B
        cost = cost + (x.square().sum(1) + 0.1 * u.square().sum(1)).mean() / steps
    return cost


test_starts = 0.5 * torch.randn(500, 2)
for update in range(1, 1501):
    cost = simulate(0.5 * torch.randn(64, 2))
    optimizer.zero_grad()
    cost.backward()
    norm = torch.cat([p.grad.flatten() for p in controller.parameters()]).norm().item()
    # cure: nn.utils.clip_grad_norm_(controller.parameters(), 1.0)
    optimizer.step()
    if update <= 6 or update % 100 == 0:
        with torch.no_grad():
            test = simulate(test_starts).item()
        print(f"update {update:4d}  cost {cost.item():.4g}  gradient {norm:.4g}  test cost {test:.4g}")
    if cost.item() > 1e10:
        print("stopped: the plant has run away")
        break
