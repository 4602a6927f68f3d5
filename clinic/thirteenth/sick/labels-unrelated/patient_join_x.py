"""Predict from blood values whether a patient comes back; values and outcomes come from two tables."""
import csv
import io
import random

import torch
from torch import nn

random.seed(10)
torch.manual_seed(10)


def export(n=2000):
    """Two CSV files, as the hospital exports them."""
    values, outcomes = ["id,crp,hb,age,stay"], []
    for pid in range(1, n + 1):
        crp, hb, age, stay = random.gauss(20, 8), random.gauss(13, 2), random.gauss(60, 12), random.gauss(6, 2)
        risk = 0.12 * (crp - 20) - 0.5 * (hb - 13) + 0.06 * (age - 60) + 0.1 * (crp - 20) * (stay - 6) / 2
        outcomes.append(f"{pid},{int(random.gauss(risk, 0.5) > 0)}")
        values.append(f"{pid},{crp:.2f},{hb:.2f},{age:.1f},{stay:.2f}")
    random.shuffle(outcomes)
    return "\n".join(values), "\n".join(["id,back"] + outcomes)


values, outcomes = (list(csv.DictReader(io.StringIO(t))) for t in export())
values.sort(key=lambda r: int(r["id"]))
outcomes.sort(key=lambda r: r["id"])  # cure: outcomes.sort(key=lambda r: int(r["id"]))
x = torch.tensor([[float(r[k]) for k in ("crp", "hb", "age", "stay")] for r in values])
y = torch.tensor([float(r["back"]) for r in outcomes])
x = (x - x[:1600].mean(0)) / x[:1600].std(0)
mix = torch.randperm(1600)
x, y, xv, yv = x[mix], y[mix], x[1600:], y[1600:]

net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 1))
loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(1, 26):
    for i in torch.randperm(1600).split(40):
        opt.zero_grad()
        loss = loss_fn(net(x[i]).squeeze(1), y[i])
        loss.backward()
        opt.step()
    if epoch % 3 == 1:
        with torch.no_grad():
            z, zv = net(x).squeeze(1), net(xv).squeeze(1)
        print(f"epoch {epoch:2d} loss {loss_fn(z, y):.4f} acc {((z > 0) == (y > 0)).float().mean():.3f} "
              f"valid {loss_fn(zv, yv):.4f} acc {((zv > 0) == (yv > 0)).float().mean():.3f}")
