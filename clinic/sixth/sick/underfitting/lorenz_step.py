"""Surrogate of the Lorenz system: predict the state 0.25 time units ahead."""
import torch
from torch import nn


def lorenz(s):
    x, y, z = s.unbind(-1)
    return torch.stack([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z], -1)


def advance(s, time, dt=0.01):
    for _ in range(int(round(time / dt))):
        k1 = lorenz(s)
        k2 = lorenz(s + dt / 2 * k1)
        k3 = lorenz(s + dt / 2 * k2)
        k4 = lorenz(s + dt * k3)
        s = s + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return s


def pairs(n):
    start = advance(torch.randn(n, 3) * 5 + torch.tensor([0.0, 0.0, 25.0]), 4.0)
    return start, advance(start, 0.25)


class Surrogate(nn.Module):
    hidden = (4,)  # cure: hidden = (96, 96)

    def __init__(self):
        super().__init__()
        widths = [3, *self.hidden]
        mods = []
        for a, b in zip(widths, widths[1:]):
            mods += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*mods, nn.Linear(widths[-1], 3))

    def forward(self, s):
        return self.net(s)


torch.manual_seed(42)
a, b = pairs(3000)
mean, std = a.mean(0), a.std(0)
a, b = (a - mean) / std, (b - mean) / std
model = Surrogate()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 1e-2, total_steps=60 * 50)
for epoch in range(60):
    acc = 0.0
    for idx in torch.randperm(2500).split(50):
        loss = nn.functional.mse_loss(model(a[idx]), b[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        acc += loss.item() / 50
    if epoch % 10 == 9:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(a[2500:]), b[2500:]).item()
        print(f"epoch {epoch + 1}: train mse {acc:.4f}, valid mse {v:.4f} (1.0 = mean state)")
