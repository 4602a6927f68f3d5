"""Position of a comet from the six numbers of its orbit and the time, learnt from simulated passages."""

import torch
from torch import nn

torch.manual_seed(67)


def passages(n):
    tilt, size, eccentricity = torch.rand(3, n)
    anomaly = torch.rand(n) * 2 * torch.pi
    e = 0.6 * eccentricity
    r = (0.5 + size) * (1 - e**2) / (1 + e * torch.cos(anomaly))
    x, y = r * torch.cos(anomaly), r * torch.sin(anomaly)
    inputs = torch.stack([tilt * 2 - 1, size * 2 - 1, eccentricity * 2 - 1, anomaly.cos(), anomaly.sin()], 1)
    return inputs, torch.stack([x, y * torch.cos(tilt), y * torch.sin(tilt)], 1)


class Orbit(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.enter = nn.Linear(5, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU()) for _ in range(2)
        )
        self.leave = nn.Linear(width, 3)

    def forward(self, x):
        x = self.enter(x)
        for block in self.blocks:
            x = x + block(x)
        return self.leave(x)


orbit = Orbit()
optimizer = torch.optim.AdamW(orbit.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.ExponentialLR(
    optimizer, gamma=0.95
)  # cure: scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.998)
test_x, test_y = passages(500)
for step in range(1, 1501):
    x, y = passages(64)
    loss = nn.functional.mse_loss(orbit(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(orbit(test_x), test_y).item()
        print(f"step {step:4d}  loss {loss.item():.5f}  test {test:.5f}")
