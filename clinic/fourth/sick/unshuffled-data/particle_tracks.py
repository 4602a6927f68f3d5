"""Tell 6 particle species apart by energy loss along 10 detector layers. Events are simulated species by species."""
import numpy as np
import torch

torch.manual_seed(0)
rng = np.random.default_rng(0)
mass = np.array([0.14, 0.49, 0.94, 1.88, 2.81, 3.73])


def simulate(species, n):
    p = rng.uniform(0.5, 2.0, (n, 1))
    beta2 = p ** 2 / (p ** 2 + mass[species] ** 2)
    z2 = 4.0 if species == 5 else 1.0
    mean = z2 / beta2 * (1 + 0.02 * np.arange(10))
    hits = mean * np.exp(0.15 * rng.normal(size=(n, 10)))
    return np.concatenate([p, np.log(hits)], 1)


def dataset(n):
    x = np.concatenate([simulate(s, n) for s in range(6)])
    return torch.tensor(x, dtype=torch.float32), torch.arange(6).repeat_interleave(n)


x, y = dataset(500)
xt, yt = dataset(150)
centre, scale = x.mean(0), x.std(0)
x, xt = (x - centre) / scale, (xt - centre) / scale

w1 = (torch.randn(11, 64) * (2 / 11) ** 0.5).requires_grad_()
b1 = torch.zeros(64, requires_grad=True)
w2 = (torch.randn(64, 6) * (1 / 64) ** 0.5).requires_grad_()
b2 = torch.zeros(6, requires_grad=True)
params = [w1, b1, w2, b2]
lr, batch = 0.1, 50


def logits(v):
    return torch.relu(v @ w1 + b1) @ w2 + b2


for epoch in range(1, 41):
    order = torch.arange(len(x))  # cure: order = torch.randperm(len(x))
    total = 0.0
    for start in range(0, len(x), batch):
        idx = order[start:start + batch]
        s = logits(x[idx])
        loss = (s.logsumexp(1) - s[torch.arange(len(idx)), y[idx]]).mean()
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p -= lr * g
        total += loss.item() * len(idx)
    if epoch % 4 == 0:
        with torch.no_grad():
            acc = (logits(xt).argmax(1) == yt).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / len(x):.4f}  test accuracy {acc:.3f}")
