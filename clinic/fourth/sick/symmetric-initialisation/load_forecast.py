"""Forecast next-hour electrical load of a plant from the last 24 hours with layers written out by hand."""
import numpy as np
import torch


class Dense:
    def __init__(self, n_in, n_out, act=None):
        self.w = torch.full((n_in, n_out), 1.0 / n_in).requires_grad_()  # cure: self.w = (torch.randn(n_in, n_out) / n_in ** 0.5).requires_grad_()
        self.b = torch.zeros(n_out, requires_grad=True)
        self.act = act

    def __call__(self, x):
        z = x @ self.w + self.b
        return self.act(z) if self.act else z

    def params(self):
        return [self.w, self.b]


class Network:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def params(self):
        return [p for layer in self.layers for p in layer.params()]


def load_curve(hours, rng):
    t = np.arange(hours)
    base = np.sin(2 * np.pi * t / 24) + 0.5 * np.sin(4 * np.pi * t / 24 + 1)
    shift = (t // 8 % 3 != 0) * 0.8
    drift = np.zeros(hours)
    for i in range(1, hours):
        drift[i] = 0.9 * drift[i - 1] + rng.normal(0, 0.2)
    return base * (1 + 0.3 * np.tanh(drift)) + shift + drift


rng = np.random.default_rng(8)
torch.manual_seed(8)
series = load_curve(6000, rng)
series = (series - series[:4800].mean()) / series[:4800].std()
win = np.lib.stride_tricks.sliding_window_view(series, 25)
X = torch.tensor(win[:, :24].copy(), dtype=torch.float32)
Y = torch.tensor(win[:, 24:].copy(), dtype=torch.float32)
n = 4700
test = slice(4824, None)

net = Network(Dense(24, 64, torch.tanh), Dense(64, 32, torch.tanh), Dense(32, 1))
opt = torch.optim.Adam(net.params(), lr=2e-3)
for epoch in range(25):
    order = torch.randperm(n)
    mse = 0.0
    for idx in order.split(64):
        loss = ((net(X[idx]) - Y[idx]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        mse += loss.item() * len(idx)
    if epoch % 3 == 0:
        with torch.no_grad():
            err = ((net(X[test]) - Y[test]) ** 2).mean().item()
        print(f"epoch {epoch:2d}  train mse {mse / n:.4f}  test mse {err:.4f}")
