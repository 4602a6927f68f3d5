"""Identify a dynamic system: the output depends on the last five inputs; lags are made with an own circular-shift function."""
import torch
import torch.nn as nn

torch.manual_seed(63)


class Lag(torch.autograd.Function):
    @staticmethod
    def forward(ctx, series, k):
        ctx.k = k
        return series.roll(k, dims=1)

    @staticmethod
    def backward(ctx, grad):
        return grad.roll(ctx.k, dims=1), None  # cure: return grad.roll(-ctx.k, dims=1), None


class LagLayer(nn.Module):
    """y[t] = sum over k = 1..lags of W_k x[t - k]"""

    def __init__(self, n_in, n_out, lags):
        super().__init__()
        self.taps = nn.ModuleList([nn.Linear(n_in, n_out) for _ in range(lags)])

    def forward(self, x):
        return sum(tap(Lag.apply(x, k + 1)) for k, tap in enumerate(self.taps)) / len(self.taps) ** 0.5


class Identifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = LagLayer(1, 8, 3), LagLayer(8, 8, 3), LagLayer(8, 1, 2)

    def forward(self, x):
        return self.c(torch.tanh(self.b(torch.tanh(self.a(x)))))


def system(u):
    lag = lambda k: u.roll(k, dims=1)
    y = 1.2 * lag(3) * lag(5) + torch.sin(2 * lag(4)) - 0.6 * lag(6)
    return y + 0.05 * torch.randn_like(y)


u = torch.randn(260, 64, 1)
y = system(u)
y = y / y[:200].std()
net = Identifier()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
mse = nn.MSELoss()
for epoch in range(1, 41):
    net.train()
    epoch_mse = 0.0
    for idx in torch.randperm(200).split(10):
        optimizer.zero_grad()
        loss = mse(net(u[idx]), y[idx])
        loss.backward()
        optimizer.step()
        epoch_mse += loss.item() / 20
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch}: mse {epoch_mse:.4f} (new inputs {mse(net(u[200:]), y[200:]).item():.4f})")
