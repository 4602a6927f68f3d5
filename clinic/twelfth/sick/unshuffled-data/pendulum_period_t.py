# Learn the period of a real pendulum (ratio to the small-angle formula) as a function of amplitude and damping.
# Data: table computed on an amplitude grid with the arithmetic-geometric mean.
import math

import torch
import torch.nn.functional as F

torch.manual_seed(31)


def agm_ratio(theta):
    a, b = 1.0, math.cos(theta / 2)
    for _ in range(8):
        a, b = (a + b) / 2, math.sqrt(a * b)
    return 1 / a


amplitude = torch.linspace(0.05, 3.0, 3000)
damping = torch.rand(3000) * 0.4
ratio = torch.tensor([agm_ratio(t) for t in amplitude.tolist()])
wobble = 0.25 * torch.sin(4 * amplitude)
target = ratio / torch.sqrt(1 - damping ** 2) + wobble + 0.01 * torch.randn(3000)
inputs = torch.stack([(amplitude - 1.5) / 0.87, (damping - 0.2) / 0.115], 1)
target = (target - target.mean()) / target.std()

held = torch.zeros(3000, dtype=torch.bool)
held[torch.randperm(3000)[:500]] = True
X, Y, Xv, Yv = inputs[~held], target[~held], inputs[held], target[held]

w = [torch.nn.Parameter(torch.randn(a, b) * (2 / a) ** 0.5) for a, b in ((2, 40), (40, 40), (40, 1))]
c = [torch.nn.Parameter(torch.zeros(b)) for b in (40, 40, 1)]


def predict(x):
    h = F.silu(x @ w[0] + c[0])
    h = F.silu(h @ w[1] + c[1])
    return (h @ w[2] + c[2]).squeeze(1)


opt = torch.optim.Adam(w + c, lr=4e-3)
batch = 50
for epoch in range(1, 31):
    order = torch.randperm(len(X))
    seen = 0.0
    for start in range(0, len(order), batch):
        xb, yb = X[start:start + batch], Y[start:start + batch]  # cure: xb, yb = X[order[start:start + batch]], Y[order[start:start + batch]]
        loss = F.mse_loss(predict(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += loss.item() * len(xb)
    if epoch % 3 == 0:
        with torch.no_grad():
            val = F.mse_loss(predict(Xv), Yv).item()
        print(f"epoch {epoch:3d}   running train mse {seen / len(X):.5f}   held-out mse {val:.5f}")
