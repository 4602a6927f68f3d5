"""House prices: join the feature table with the sales table on the house id, then fit an MLP."""
import random

import torch
from torch import nn

rnd = random.Random(5)
torch.manual_seed(5)


def make_tables(n=1500):
    ids = rnd.sample(range(10_000, 99_999), n)
    houses, sales = [], []
    for hid in ids:
        area, age, rooms, dist = rnd.gauss(0, 1), rnd.gauss(0, 1), rnd.gauss(0, 1), rnd.gauss(0, 1)
        price = 1.2 * area - 0.6 * age + 0.4 * area * rooms - 0.5 * abs(dist) + rnd.gauss(0, 0.2)
        houses.append((hid, [area, age, rooms, dist]))
        sales.append((hid, price))
    rnd.shuffle(sales)
    return houses, sales


def join(houses, sales):
    houses = sorted(houses)
    sales = sorted(sales, key=lambda r: r[1])  # cure: sales = sorted(sales, key=lambda r: r[0])
    x = torch.tensor([h[1] for h in houses])
    y = torch.tensor([s[1] for s in sales])
    mix = torch.randperm(len(x))
    return x[mix], (y[mix] - y.mean()) / y.std()


x, y = join(*make_tables())
x_tr, y_tr, x_te, y_te = x[:1200], y[:1200], x[1200:], y[1200:]
model = nn.Sequential(nn.Linear(4, 20), nn.GELU(), nn.Linear(20, 1))
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(20):
    se = 0.0
    for rows in torch.randperm(len(x_tr)).split(40):
        loss = nn.functional.mse_loss(model(x_tr[rows])[:, 0], y_tr[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += loss.item() * len(rows)
    with torch.no_grad():
        r2 = 1 - nn.functional.mse_loss(model(x_te)[:, 0], y_te) / y_te.var()
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1}: train mse {se / len(x_tr):.3f}  test R2 {r2:.3f}")
