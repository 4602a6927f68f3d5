"""An MLP written from plain tensors, for two interleaved spirals."""
import numpy as np
import torch

gen = torch.Generator().manual_seed(0)


def dense(n_in, n_out):
    w = torch.randn(n_in, n_out, generator=gen)  # cure: w = torch.randn(n_in, n_out, generator=gen) * (2 / n_in) ** 0.5
    return w.requires_grad_(), torch.zeros(n_out, requires_grad=True)


def forward(params, x):
    for w, b in params[:-1]:
        x = (x @ w + b).clamp(min=0)
    w, b = params[-1]
    return x @ w + b


def spirals(n, rng):
    t = np.sqrt(rng.random(n)) * 2.5 * np.pi
    c = rng.integers(0, 2, n)
    xy = np.stack([np.cos(t + c * np.pi) * t, np.sin(t + c * np.pi) * t], 1) / 4 + 0.04 * rng.standard_normal((n, 2))
    return torch.tensor(xy, dtype=torch.float32), torch.tensor(c)


rng = np.random.default_rng(0)
x, c = spirals(1500, rng)
xv, cv = spirals(500, rng)
params = [dense(2, 64), *[dense(64, 64) for _ in range(7)], dense(64, 2)]
opt = torch.optim.Adam([p for pair in params for p in pair], lr=2e-3)
for epoch in range(30):
    total = 0.0
    for i in torch.randperm(len(x), generator=gen).split(50):
        loss = torch.nn.functional.cross_entropy(forward(params, x[i]), c[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(i) / len(x)
    if epoch % 3 == 2:
        with torch.no_grad():
            out = forward(params, xv)
        print(epoch + 1, "loss", round(total, 4), "val loss", round(torch.nn.functional.cross_entropy(out, cv).item(), 4),
              "val accuracy", round((out.argmax(1) == cv).float().mean().item(), 3))
