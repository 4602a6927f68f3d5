"""Energy of a molecule-like cluster from sorted pair distances: an MLP written with plain tensors."""
import math

import torch

torch.manual_seed(8)


def init(n_in, n_out):
    bound = math.sqrt(6.0 / n_in)
    w = torch.rand(n_in, n_out) * bound - bound  # cure: w = torch.rand(n_in, n_out) * 2 * bound - bound
    return w.requires_grad_(), torch.zeros(n_out, requires_grad=True)


def clusters(n):
    pos = torch.rand(n, 5, 3) * 2
    i, j = torch.triu_indices(5, 5, offset=1)
    d = (pos[:, i] - pos[:, j]).norm(dim=2)
    energy = (torch.exp(-2 * (d - 1)) - 2 * torch.exp(-(d - 1))).sum(1)
    return d.sort(1).values, energy


x, y = clusters(3000)
x = (x - x.mean(0)) / x.std(0)
y = ((y - y.mean()) / y.std()).unsqueeze(1)
x_train, y_train, x_test, y_test = x[:2400], y[:2400], x[2400:], y[2400:]

sizes = [10, 64, 64, 64, 1]
params = [init(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
flat = [t for pair in params for t in pair]


def forward(h):
    for w, b in params[:-1]:
        h = torch.relu(h @ w + b)
    w, b = params[-1]
    return h @ w + b


optimizer = torch.optim.Adam(flat, lr=1e-3)
for epoch in range(20):
    running = 0.0
    for idx in torch.randperm(2400).split(60):
        loss = ((forward(x_train[idx]) - y_train[idx]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() / 40
    if epoch % 2 == 1:
        with torch.no_grad():
            test = ((forward(x_test) - y_test) ** 2).mean().item()
        print(f"epoch {epoch + 1:2d} | train mse {running:.4f} | test mse {test:.4f}")
