"""Predict the number of visitors per hour with a Poisson likelihood (the network gives the log of the rate)."""
import numpy as np
import torch
from torch import nn
from torch.autograd import Function
from torch.utils.data import DataLoader, TensorDataset


class PoissonLoss(Function):
    @staticmethod
    def forward(ctx, log_rate, count):
        ctx.save_for_backward(log_rate, count)
        return (log_rate.exp() - count * log_rate).mean()

    @staticmethod
    def backward(ctx, grad_output):
        log_rate, count = ctx.saved_tensors
        grad = (log_rate - count) / count.numel()  # cure: grad = (log_rate.exp() - count) / count.numel()
        return grad_output * grad, None


def data(n, seed):
    r = np.random.default_rng(seed)
    hour, temp, weekend = r.uniform(0, 24, n), r.normal(15, 7, n), r.integers(0, 2, n)
    rate = np.exp(0.3 + 1.1 * np.sin((hour - 8) / 24 * 2 * np.pi) + 0.03 * (temp - 15) + 0.6 * weekend)
    f = np.stack([np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), (temp - 15) / 7, 2 * weekend - 1], 1)
    return torch.tensor(f, dtype=torch.float32), torch.tensor(r.poisson(rate), dtype=torch.float32)


def deviance(log_rate, count):
    rate = log_rate.exp()
    return 2 * (torch.xlogy(count, count / rate) - (count - rate)).mean()


if __name__ == "__main__":
    torch.manual_seed(8)
    train, (xv, yv) = TensorDataset(*data(4000, 1)), data(1000, 2)
    model = nn.Sequential(nn.Linear(4, 32), nn.ELU(), nn.Linear(32, 16), nn.ELU(), nn.Linear(16, 1), nn.Flatten(0))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    for epoch in range(15):
        model.train()
        sums = 0.0
        for x, y in DataLoader(train, batch_size=80, shuffle=True):
            optimizer.zero_grad()
            loss = PoissonLoss.apply(model(x), y)
            loss.backward()
            optimizer.step()
            sums += loss.item() / 50
        model.eval()
        with torch.no_grad():
            out = model(xv)
        print(f"epoch {epoch:02d}  nll {sums:.4f}  valid deviance {deviance(out, yv):.4f}  "
              f"mean count {yv.mean():.2f} predicted {out.exp().mean():.2f}")
