"""Gaussian process regression on thirty points: three hyper-parameters fitted by L-BFGS to the exact marginal likelihood
(one full batch by nature)."""
import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(16)


def truth(x):
    return torch.sin(2 * x) + 0.4 * x


x = torch.sort(torch.rand(30) * 6 - 3).values
y = truth(x) + 0.15 * torch.randn(30)
grid = torch.linspace(-2.8, 2.8, 100)


class GP(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.log_length = torch.nn.Parameter(torch.tensor(1.0))
        self.log_scale = torch.nn.Parameter(torch.tensor(0.0))
        self.log_noise = torch.nn.Parameter(torch.tensor(0.0))

    def kernel(self, a, b):
        return torch.exp(2 * self.log_scale - 0.5 * (a[:, None] - b[None]) ** 2 / torch.exp(2 * self.log_length))

    def factor(self):
        return torch.linalg.cholesky(self.kernel(x, x) + torch.exp(2 * self.log_noise) * torch.eye(len(x)))

    def nll(self):
        L = self.factor()
        alpha = torch.cholesky_solve(y[:, None], L)[:, 0]
        return 0.5 * y @ alpha + L.diagonal().log().sum() + 0.5 * len(x) * math.log(2 * math.pi)

    @torch.no_grad()
    def predict(self, at):
        L, k = self.factor(), self.kernel(at, x)
        mean = k @ torch.cholesky_solve(y[:, None], L)[:, 0]
        half = torch.linalg.solve_triangular(L, k.T, upper=False)
        return mean, (torch.exp(2 * self.log_scale) - half.square().sum(0)).clamp(min=1e-9).sqrt()


gp = GP()
optimizer = torch.optim.LBFGS(gp.parameters(), lr=0.5, max_iter=4, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = gp.nll()
    loss.backward()
    return loss


for round_ in range(5):
    before = optimizer.step(closure)
    mean, spread = gp.predict(grid)
    inside = ((mean - truth(grid)).abs() < 2 * spread).double().mean()
    print(f"round {round_}: nll {before.item():8.4f} length {gp.log_length.exp().item():.3f} noise {gp.log_noise.exp().item():.3f} "
          f"rmse to the truth {(mean - truth(grid)).square().mean().sqrt():.3f} within two sigma {inside:.2f}")
