"""Metric learning on gait-like signals of 12 persons with a triplet margin loss (many triplets soon give no loss)."""
import numpy as np
import torch
import torch.nn as nn


def gait(person, rng, steps=40):
    lib = np.random.default_rng(person)
    amp, ph = lib.normal(0, 1, 3), lib.uniform(0, 6.28, 3)
    t = np.linspace(0, 4 * np.pi, steps) + rng.uniform(-0.2, 0.2)
    return sum(a * np.sin((k + 1) * t + p) for k, (a, p) in enumerate(zip(amp, ph))) + rng.normal(0, 0.6, steps)


def collect(n, rng):
    who = rng.integers(0, 12, n)
    x = np.stack([gait(p, rng) for p in who])
    return torch.tensor(x / 1.3, dtype=torch.float32), torch.tensor(who)


class Embed(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(40, 96), nn.ReLU(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 6))

    def forward(self, x):
        return nn.functional.normalize(self.f(x), dim=1)


def triplets(who, n):
    a = torch.randint(len(who), (n,))
    same, other = (who[a][:, None] == who[None]).float(), (who[a][:, None] != who[None]).float()
    return a, torch.multinomial(same, 1).squeeze(1), torch.multinomial(other, 1).squeeze(1)


def nearest(net, xa, wa, xb, wb):
    with torch.no_grad():
        d = torch.cdist(net(xb), net(xa))
    return (wa[d.argmin(1)] == wb).float().mean().item()


torch.manual_seed(0)
rng = np.random.default_rng(0)
x, who = collect(1200, rng)
xt, wt = collect(400, rng)
net = Embed()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
criterion = nn.TripletMarginLoss(margin=0.4, reduction="none")
print(f"start: nearest neighbour {nearest(net, x, who, xt, wt):.3f}")
for step in range(1, 401):
    a, p, n = triplets(who, 96)
    each = criterion(net(x[a]), net(x[p]), net(x[n]))
    loss = each.mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print(f"step {step:3d} loss {loss.item():.4f} active {(each > 0).float().mean().item():.2f} "
              f"nearest neighbour {nearest(net, x, who, xt, wt):.3f}")
