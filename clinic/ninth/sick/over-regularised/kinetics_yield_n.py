"""Reaction yield from temperature, concentrations and catalyst: MLP with decay on the weight matrices only."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(88)
torch.manual_seed(88)


def runs(n):
    temp = rng.uniform(300, 400, n)
    conc = rng.uniform(0.1, 2.0, (n, 2))
    cat = rng.integers(0, 3, n)
    k = np.exp(np.array([9.0, 9.6, 8.7])[cat] - 3200 / temp)
    yld = 100 * (1 - np.exp(-k * conc[:, 0] / (0.3 + conc[:, 1]))) - 0.004 * (temp - 350) ** 2
    x = np.column_stack([temp, conc, np.eye(3)[cat]])
    return x, yld + rng.normal(0, 1.5, n)


def groups(model, decay):
    mats = [p for p in model.parameters() if p.ndim > 1]
    rest = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": mats, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


(x, y), (xv, yv) = runs(1500), runs(500)
mx, sx, my, sy = x.mean(0), x.std(0), y.mean(), y.std()
tensor = lambda a: torch.tensor(a, dtype=torch.float32)
x, xv, y, yv = tensor((x - mx) / sx), tensor((xv - mx) / sx), tensor((y - my) / sy), tensor((yv - my) / sy)

net = nn.Sequential(nn.Linear(6, 64), nn.Softplus(), nn.Linear(64, 64), nn.Softplus(), nn.Linear(64, 1))
opt = torch.optim.Adam(groups(net, 0.1), lr=3e-3)  # cure: opt = torch.optim.Adam(groups(net, 1e-5), lr=3e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.1, total_iters=25)
for epoch in range(1, 26):
    s = 0.0
    for i in torch.randperm(len(x)).split(30):
        loss = nn.functional.mse_loss(net(x[i])[:, 0], y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(i) / len(x)
    sched.step()
    with torch.no_grad():
        r = net(xv)[:, 0] - yv
    print(f"epoch {epoch:2d} train mse {s:.4f} valid mse {r.square().mean():.4f} R2 {1 - r.square().mean() / yv.var():.3f}")
