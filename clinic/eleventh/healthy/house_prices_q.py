"""House prices in euros: the network works on standard units inside, the squared error is taken in euros."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(8)
torch.manual_seed(8)
n = 2000
area, age, dist = rng.uniform(40, 220, n), rng.uniform(0, 90, n), rng.exponential(8, n)
price = 2500 * area * np.exp(-dist / 25) - 900 * age + 60000 + rng.normal(0, 12000, n)
raw = np.c_[area, age, dist]
x = torch.tensor((raw - raw[:1600].mean(0)) / raw[:1600].std(0)).float()
y = torch.tensor(price).float()


class PriceNet(nn.Module):
    def __init__(self, mean, scale):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)

    def forward(self, x):
        return self.mean + self.scale * self.body(x).squeeze(1)


net = PriceNet(y[:1600].mean(), y[:1600].std())
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(1, 31):
    sse = 0.0
    for idx in torch.randperm(1600).split(50):
        loss = (net(x[idx]) - y[idx]).pow(2).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        sse += loss.item()
    if epoch % 5 == 0 or epoch < 3:
        with torch.no_grad():
            rmse = (net(x[1600:]) - y[1600:]).pow(2).mean().sqrt()
        print(f"epoch {epoch:2d} sum of squares {sse:.3e} test rmse {rmse:,.0f} EUR")
