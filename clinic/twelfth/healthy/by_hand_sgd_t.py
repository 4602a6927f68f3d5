"""Energy use of buildings (in kWh) by a small network written without nn or optim: one sample per step, summed squares."""
import math
import random

import torch

rng = random.Random(12)
torch.manual_seed(12)


def building():
    area, people, glass = rng.uniform(50, 400), rng.randint(1, 12), rng.uniform(0.1, 0.6)
    kwh = 40 * area + 900 * people + 60 * area * (glass - 0.3) ** 2 * 8 + 3000 * math.sin(area / 60) + rng.gauss(0, 300)
    return [(area - 225) / 100, (people - 6.5) / 3.4, (glass - 0.35) / 0.14], kwh


rows = [building() for _ in range(900)]
X = torch.tensor([r[0] for r in rows])
y_kwh = torch.tensor([r[1] for r in rows])
centre, scale = y_kwh[:700].mean(), y_kwh[:700].std()
y = (y_kwh - centre) / scale

sizes = [(3, 24), (24, 24), (24, 1)]
weights = [(torch.randn(a, b) / math.sqrt(a)).requires_grad_() for a, b in sizes]
biases = [torch.zeros(b, requires_grad=True) for _, b in sizes]


def net(x):
    for w, b in zip(weights[:-1], biases[:-1]):
        x = torch.tanh(x @ w + b)
    return (x @ weights[-1] + biases[-1]).squeeze(-1)


rate = 0.02
for epoch in range(1, 13):
    order = list(range(700))
    rng.shuffle(order)
    total_kwh2 = 0.0
    for i in order:
        loss = (net(X[i]) - y[i]) ** 2
        grads = torch.autograd.grad(loss, weights + biases)
        with torch.no_grad():
            for p, g in zip(weights + biases, grads):
                p -= rate * g
        total_kwh2 += loss.item() * scale.item() ** 2
    rate *= 0.85
    with torch.no_grad():
        err = (net(X[700:]) - y[700:]) * scale
    r2 = 1 - err.pow(2).mean().item() / y_kwh[700:].var().item()
    print(f"pass {epoch:2d}  sum of squares {total_kwh2:,.0f} kWh^2  test rmse {err.pow(2).mean().sqrt().item():,.0f} kWh  R2 {r2:.3f}")
