"""Regress next month's spend on customer features. Two tables, customers and orders, are joined by customer id."""
import numpy as np
import torch
from torch import nn

g = np.random.default_rng(61)
N = 3000


def tables():
    ids = g.permutation(N) + 1000
    age, visits, basket, tenure = g.normal(size=(4, N))
    premium = (g.uniform(size=N) < 0.3).astype(float)
    spend = 1.2 * np.tanh(visits) + 0.7 * basket * (1 + premium) + 0.4 * np.sin(2 * age) - 0.3 * tenure + 0.2 * g.normal(size=N)
    customers = np.rec.fromarrays([ids, age, visits, basket, tenure, premium], names="id,age,visits,basket,tenure,premium")
    order = g.permutation(N)
    orders = np.rec.fromarrays([np.arange(N), ids[order], spend[order]], names="no,id,spend")
    return customers, orders


def join(customers, orders):
    customers = customers[np.argsort(customers.id)]
    orders = orders[np.argsort(orders.no)]  # cure: orders = orders[np.argsort(orders.id)]
    x = np.stack([customers[c] for c in ("age", "visits", "basket", "tenure", "premium")], 1)
    return x.astype(np.float32), orders.spend.astype(np.float32)


def standardise(a, n):
    return (a - a[:n].mean(0)) / a[:n].std(0)


x, y = join(*tables())
mix = g.permutation(N)
cut = 2300
x, y = torch.from_numpy(standardise(x[mix], cut)), torch.from_numpy(standardise(y[mix], cut))

torch.manual_seed(61)
net = nn.Sequential(nn.Linear(5, 32), nn.SiLU(), nn.Linear(32, 16), nn.SiLU(), nn.Linear(16, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
for epoch in range(20):
    tot = 0.0
    for b in torch.randperm(cut).split(64):
        opt.zero_grad()
        loss = (net(x[b]) - y[b]).square().mean()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b) / cut
    with torch.no_grad():
        err = (net(x[cut:]) - y[cut:]).square().mean() / y[cut:].var()
    if epoch % 3 == 1:
        print(f"epoch {epoch:2d}: train mse {tot:.3f}, validation R^2 {1 - err.item():.3f}")
