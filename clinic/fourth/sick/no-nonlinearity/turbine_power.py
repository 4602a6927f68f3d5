"""Power curve of a wind turbine: regress output power on wind speed, direction, air density and pitch."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class PowerNet(nn.Module):
    def __init__(self, n_in, hidden=64):
        super().__init__()
        self.fc1 = nn.Linear(n_in, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 1)

    def forward(self, x):
        h1 = self.fc1(x)
        F.relu(h1)  # cure: h1 = F.relu(h1)
        h2 = self.fc2(h1)
        F.relu(h2)  # cure: h2 = F.relu(h2)
        return self.fc3(h2).squeeze(-1)


def scada(n, rng):
    wind = rng.weibull(2.0, n) * 9
    yaw = rng.normal(0, 12, n)
    density = rng.normal(1.22, 0.04, n)
    pitch = np.abs(rng.normal(0, 4, n))
    effective = wind * np.cos(np.deg2rad(yaw)) ** 2
    power = 0.5 * density * effective ** 3 * np.exp(-pitch / 10)
    power = np.clip(power, 0, 600) * (wind > 3) * (wind < 23) + rng.normal(0, 10, n)
    x = np.column_stack([wind, yaw, density, pitch])
    return x, power


def standardise(train, *others):
    mu, sd = train.mean(0), train.std(0)
    return [torch.tensor((a - mu) / sd, dtype=torch.float32) for a in (train, *others)]


def main():
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    (xa, ya), (xb, yb) = scada(6000, rng), scada(1500, rng)
    xa, xb = standardise(xa, xb)
    ya, yb = standardise(ya, yb)
    net = PowerNet(xa.shape[1])
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(20):
        net.train()
        err = 0.0
        for idx in torch.randperm(len(xa)).split(64):
            loss = F.mse_loss(net(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            err += loss.item() * len(idx)
        net.eval()
        with torch.no_grad():
            r2 = 1 - F.mse_loss(net(xb), yb) / yb.var()
        print(f"epoch {epoch:2d}  mse {err / len(xa):.4f}  test R2 {r2.item():.4f}")


main()
