"""California-like prices from a formula: one small tower per feature group, then a joint head."""
import torch
import torch.nn as nn

torch.manual_seed(52)
GROUPS = [(0, 3), (3, 6), (6, 8)]


def prices(n):
    x = torch.randn(n, 8)
    y = torch.sin(2 * x[:, 0]) * x[:, 1] + (x[:, 3] * x[:, 4] > 0).float() + torch.cos(3 * x[:, 6]) + 0.1 * torch.randn(n)
    return x, (y - 0.5)


class Towers(nn.Module):
    def __init__(self, width=32, emb=3):
        super().__init__()
        self.towers = [self.tower(b - a, width, emb) for a, b in GROUPS]  # cure: self.towers = nn.ModuleList([self.tower(b - a, width, emb) for a, b in GROUPS])
        self.head = nn.Sequential(nn.Linear(emb * len(GROUPS), width), nn.ReLU(), nn.Linear(width, 1))

    @staticmethod
    def tower(n_in, width, emb):
        return nn.Sequential(nn.Linear(n_in, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, emb))

    def forward(self, x):
        parts = [tower(x[:, a:b]) for tower, (a, b) in zip(self.towers, GROUPS)]
        return self.head(torch.cat(parts, 1)).squeeze(1)


x, y = prices(4000)
xv, yv = prices(1000)
net = Towers()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()
for epoch in range(1, 26):
    for idx in torch.randperm(len(x)).split(100):
        opt.zero_grad()
        loss = mse(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    if epoch % 5 == 0 or epoch == 1:
        with torch.no_grad():
            print(f"epoch {epoch:2d} train mse {mse(net(x), y):.4f} valid mse {mse(net(xv), yv):.4f} (variance {yv.var():.3f})")
