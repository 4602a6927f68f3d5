"""Surrogate of an antenna simulator: gain as a smooth function of 10 design parameters. Tanh network, plain tensors."""
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(31)
rng = np.random.RandomState(31)


def designs(n):
    p = rng.uniform(-1, 1, (n, 10))
    gain = np.sin(2 * p[:, 0]) + p[:, 1] * p[:, 2] + 0.7 * p[:, 3:6].sum(1) - np.cos(p[:, 6] * 2) * p[:, 7]
    gain = (gain - 0.0) / 1.2
    return torch.tensor(p * 1.73, dtype=torch.float32), torch.tensor(gain, dtype=torch.float32)


def layer(n_in, n_out):
    w = torch.empty(n_in, n_out)
    torch.nn.init.normal_(w)  # cure: torch.nn.init.xavier_normal_(w)
    return w.requires_grad_(), torch.zeros(n_out, requires_grad=True)


layers = [layer(10, 100), layer(100, 100), layer(100, 1)]
params = [p for pair in layers for p in pair]


def net(x):
    for w, b in layers[:-1]:
        x = torch.tanh(x @ w + b)
    w, b = layers[-1]
    return (x @ w + b).squeeze(1)


xs, ys = designs(3000)
xt, yt = designs(800)
opt = torch.optim.Adam(params, lr=2e-3)
for epoch in range(25):
    mean = 0.0
    for idx in torch.randperm(3000).split(100):
        opt.zero_grad()
        loss = F.mse_loss(net(xs[idx]), ys[idx])
        loss.backward()
        opt.step()
        mean += loss.item() / 30
    with torch.no_grad():
        test = F.mse_loss(net(xt), yt)
    print(f"epoch {epoch + 1:2d} | train {mean:.4f} | test {test:.4f} | R2 {1 - test / yt.var():.4f}")
