"""Learns the energy of a double pendulum from its two angles and two speeds."""

import torch
from torch import nn


class Energy(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.lift = nn.Linear(6, width)
        self.norm1 = nn.BatchNorm1d(width)
        self.mix = nn.Linear(width, width)
        self.norm2 = nn.BatchNorm1d(width)
        self.read = nn.Linear(width, 1)

    def forward(self, state):
        a, b = state[:, :2], state[:, 2:]
        x = torch.cat([a.sin(), a.cos(), b], 1)
        x = torch.relu(self.norm1(self.lift(x)))
        x = torch.relu(self.norm2(self.mix(x)))
        return self.read(x).squeeze(1)


def energy(state):
    a, b, va, vb = state.unbind(1)
    kinetic = va**2 + 0.5 * vb**2 + va * vb * torch.cos(a - b)
    return (kinetic - 2 * torch.cos(a) - torch.cos(b)) / 2


def main():
    torch.manual_seed(3)
    states = torch.randn(3000, 4)
    targets = energy(states)
    train_x, train_y, test_x, test_y = states[:2400], targets[:2400], states[2400:], targets[2400:]
    per_batch = 2  # cure: per_batch = 80
    model = Energy()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 2400, eta_min=1e-4)
    step = 0
    while step < 2400:
        for batch in torch.randperm(2400).split(per_batch):
            loss = nn.functional.mse_loss(model(train_x[batch]), train_y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step % 300 == 0:
                model.eval()
                with torch.no_grad():
                    test = nn.functional.mse_loss(model(test_x), test_y).item()
                model.train()
                print(f"step {step:5d}  train {loss.item():.3f}  test {test:.3f}")
            if step == 2400:
                break
    print(f"variance of the energy {targets.var():.3f}")


main()
