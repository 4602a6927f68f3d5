"""Regress the interaction energy of two dials (an angle each) with a three-layer network."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class EnergyNet(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.fc1 = nn.Linear(4, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.fc1(x)
        F.silu(h)  # cure: h = F.silu(h)
        h = self.fc2(h)
        F.silu(h)  # cure: h = F.silu(h)
        return self.fc3(h).squeeze(-1)


def dials(n):
    a, b = 2 * math.pi * torch.rand(2, n)
    x = torch.stack([a.sin(), a.cos(), b.sin(), b.cos()], dim=1) * math.sqrt(2)
    energy = 1.5 * torch.cos(a - b) + 0.8 * torch.sin(2 * a) + 0.5 * torch.sin(a) + 0.05 * torch.randn(n)
    return x, energy


def main():
    torch.manual_seed(42)
    train_loader = DataLoader(TensorDataset(*dials(3000)), batch_size=64, shuffle=True)
    x_val, e_val = dials(800)
    model = EnergyNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 8, 0.3)
    for epoch in range(20):
        running = []
        for x, e in train_loader:
            optimizer.zero_grad()
            loss = F.mse_loss(model(x), e)
            loss.backward()
            optimizer.step()
            running.append(loss.item())
        scheduler.step()
        with torch.no_grad():
            val = F.mse_loss(model(x_val), e_val).item()
        if epoch % 2 == 1:
            print(f"epoch {epoch + 1:2d}  train {sum(running) / len(running):.4f}  val {val:.4f}  "
                  f"explained {1 - val / e_val.var().item():.3f}")


if __name__ == "__main__":
    main()
