"""Learn the acceleration of a damped driven pendulum from states; then roll the model out and compare."""
import torch
import torch.nn as nn

torch.manual_seed(0)


def mlp(sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers)  # cure: return nn.Sequential(*layers[:-1])


def acceleration(state):
    theta, omega, drive = state.T
    return (-2.0 * torch.sin(theta) - 0.3 * omega + 0.8 * drive)[:, None]


def states(n):
    return torch.stack([(torch.rand(n) * 2 - 1) * 3.0, torch.randn(n) * 1.2, torch.randn(n)], 1)


def rollout(f, n=100, steps=50, dt=0.05):
    g = torch.Generator().manual_seed(9)
    theta, omega = torch.randn(n, generator=g), torch.randn(n, generator=g)
    path = []
    for k in range(steps):
        drive = torch.full((n,), float(torch.sin(torch.tensor(0.1 * k))))
        omega = omega + dt * f(torch.stack([theta, omega, drive], 1))[:, 0]
        theta = theta + dt * omega
        path.append(theta)
    return torch.stack(path)


train = states(4000)
target = acceleration(train) + 0.05 * torch.randn(len(train), 1)
model = mlp([3, 64, 64, 1])
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
with torch.no_grad():
    reference = rollout(acceleration)
for epoch in range(20):
    for idx in torch.randperm(len(train)).split(100):
        loss = (model(train[idx]) - target[idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 1:
        with torch.no_grad():
            drift = (rollout(model) - reference).abs().mean().item()
        print(f"epoch {epoch + 1:2d}: loss {loss.item():.4f}, mean angle error of the rollout {drift:.4f} rad")
