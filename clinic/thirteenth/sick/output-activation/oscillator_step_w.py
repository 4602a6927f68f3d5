"""Learn one step of a damped pendulum (angle, velocity -> their change) from simulated transitions."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def mlp(sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers)  # cure: return nn.Sequential(*layers[:-1])


def transitions(n, seed, dt=0.05):
    rng = np.random.default_rng(seed)
    s = rng.uniform([-np.pi, -4], [np.pi, 4], (n, 2))
    change = np.stack([s[:, 1], -9.8 * np.sin(s[:, 0]) - 0.3 * s[:, 1]], 1) * dt
    return s / [np.pi, 4], change


def run(epochs=20, seed=0):
    torch.manual_seed(seed)
    s, d = transitions(4000, seed)
    scale = d.std(0)
    to = lambda a: torch.tensor(a, dtype=torch.float32)
    train, test = (to(s[:3200]), to(d[:3200] / scale)), (to(s[3200:]), to(d[3200:] / scale))
    model = mlp([2, 64, 64, 2])
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    huber = nn.SmoothL1Loss()
    for epoch in range(epochs):
        total = 0.0
        for xb, yb in DataLoader(TensorDataset(*train), batch_size=64, shuffle=True):
            opt.zero_grad()
            loss = huber(model(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item() / 50
        with torch.no_grad():
            err = huber(model(test[0]), test[1]).item()
        if epoch % 2:
            print(f"epoch {epoch + 1}: {total:.4f} (test {err:.4f})")


run()
