"""Two networks trained together on simulated machines: a predictor of the state and a controller that uses it."""
import torch
from torch import nn

torch.manual_seed(31)


def physics(state, force):
    """One step of a damped pendulum."""
    angle, speed = state[:, :1], state[:, 1:]
    speed = 0.95 * speed + 0.2 * (force - torch.sin(angle))
    return torch.cat([angle + 0.2 * speed, speed], 1)


def mlp(i, o, width=32):
    return nn.Sequential(nn.Linear(i, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, o))


predictor, controller = mlp(3, 2), mlp(2, 1)
opt_p = torch.optim.Adam(predictor.parameters(), lr=2e-3)
opt_c = torch.optim.Adam(controller.parameters(), lr=2e-3)


def start(n):
    return torch.rand(n, 2) * 3 - 1.5


def cost(state, force):
    return (state.square().sum(1) + 0.05 * force.square().squeeze(1)).mean()


@torch.no_grad()
def true_cost(steps=25):
    state, total = start(500), 0.0
    for _ in range(steps):
        force = controller(state)
        state = physics(state, force)
        total += cost(state, force).item() / steps
    return total


for iteration in range(1, 501):
    state = torch.rand(128, 2) * 4 - 2
    force = torch.randn(128, 1)
    # cure: opt_p.zero_grad()
    fit = nn.functional.mse_loss(state + predictor(torch.cat([state, force], 1)), physics(state, force))
    fit.backward()
    opt_p.step()

    state, plan = start(64), 0.0
    for _ in range(8):
        force = controller(state)
        state = state + predictor(torch.cat([state, force], 1))
        plan = plan + cost(state, force) / 8
    opt_c.zero_grad()
    plan.backward()
    opt_c.step()
    if iteration % 50 == 0:
        print(f"{iteration:4d} model error {fit.item():.5f} planned cost {plan.item():.3f} true cost {true_cost():.3f}")
