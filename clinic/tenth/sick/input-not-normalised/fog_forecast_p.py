"""Will there be fog in the morning? Station readings: pressure, temperature, dew point, wind, visibility."""
import numpy as np
import torch
import torch.nn as nn


def station(n, seed):
    r = np.random.default_rng(seed)
    pressure = r.normal(101_300, 900, n)          # Pa
    temp = r.normal(281, 6, n)                    # K
    spread = r.gamma(2.0, 2.0, n)                 # K between temperature and dew point
    wind = r.gamma(2.0, 1.6, n)                   # m/s
    vis = r.uniform(2_000, 40_000, n)             # m
    cloud = r.uniform(0, 1, n)
    score = 2.2 - 0.8 * spread - 0.6 * wind + (pressure - 101_300) / 700 - 1.4 * cloud \
        - (vis - 21_000) / 15_000 + 0.3 * np.abs(temp - 281) + 1.2
    y = (score + 0.5 * r.normal(size=n) > 0).astype(np.float32)
    return np.stack([pressure, temp, temp - spread, wind, vis, cloud], 1).astype(np.float32), y


class Forecast(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.register_buffer("mu", torch.zeros(x.shape[1]))  # cure: self.register_buffer("mu", x.mean(0))
        self.register_buffer("sd", torch.ones(x.shape[1]))  # cure: self.register_buffer("sd", x.std(0))
        self.a = nn.Linear(x.shape[1], 48)
        self.b = nn.Linear(48, 24)
        self.c = nn.Linear(24, 1)

    def forward(self, x):
        x = (x - self.mu) / self.sd
        h = torch.relu(self.a(x))
        return self.c(torch.relu(self.b(h))).squeeze(1)


torch.manual_seed(14)
(xa, ya), (xb, yb) = station(3000, 1), station(1000, 2)
xa, ya, xb, yb = map(torch.from_numpy, (xa, ya, xb, yb))
net = Forecast(xa)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 21):
    tot = 0.0
    for i in torch.randperm(len(xa)).split(64):
        loss = bce(net(xa[i]), ya[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    if epoch % 4 == 0:
        with torch.no_grad():
            z = net(xb)
        print(f"{epoch:2d}: loss {tot / len(xa):.3f}  val {bce(z, yb):.3f}  val acc {((z > 0) == (yb > 0.5)).float().mean():.3f}"
              f"  fog days {yb.mean():.2f}")
