"""Predict the mean level of a slow sensor signal from 60 readings with a plain recurrent net, written out by hand."""
import numpy as np
import torch

rng = np.random.default_rng(0)
torch.manual_seed(0)


def batch(n, T=60):
    phase = rng.uniform(0, 6.28, (n, 1))
    freq = rng.uniform(0.02, 0.1, (n, 1))
    amp = rng.uniform(0.5, 1.5, (n, 1))
    t = np.arange(T)[None]
    x = amp * np.sin(freq * t + phase) + 0.1 * rng.normal(size=(n, T))
    y = x.mean(1, keepdims=True) * 2
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


n_hidden = 48
U = torch.nn.Parameter(torch.randn(1, n_hidden) * 0.5)
W = torch.nn.Parameter(torch.empty(n_hidden, n_hidden))
torch.nn.init.orthogonal_(W)
b = torch.nn.Parameter(torch.zeros(n_hidden))
V = torch.nn.Parameter(torch.randn(n_hidden, 1) / n_hidden ** 0.5)
c = torch.nn.Parameter(torch.zeros(1))
params = [U, W, b, V, c]
optimizer = torch.optim.SGD(params, lr=0.01, momentum=0.9)


def forward(x):
    h = x.new_zeros(len(x), n_hidden)
    for t in range(x.shape[1]):
        h = torch.relu(x[:, t:t + 1] @ U + h @ W + b)
    return h @ V + c


xt, yt = batch(400)
for it in range(1, 321):
    x, y = batch(32)
    loss = ((forward(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    # cure: torch.nn.utils.clip_grad_norm_(params, 0.2)
    optimizer.step()
    if it % 20 == 0:
        with torch.no_grad():
            test = ((forward(xt) - yt) ** 2).mean()
        print(f"iteration {it}: train {loss.item():.4g}  test {test.item():.4g}")
