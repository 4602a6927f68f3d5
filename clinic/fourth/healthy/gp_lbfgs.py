"""Gaussian-process regression of a tensile curve; five hyper-parameters fitted to all data at once with L-BFGS."""
import math

import torch


def curve(n):
    strain = torch.sort(torch.rand(n) * 4).values
    stress = torch.tanh(1.8 * strain) + 0.25 * torch.sin(3 * strain) + 0.1 * strain
    return strain, stress + 0.05 * torch.randn(n)


class GP(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.log_scale = torch.nn.Parameter(torch.tensor(1.0))
        self.log_amp = torch.nn.Parameter(torch.tensor(0.0))
        self.log_noise = torch.nn.Parameter(torch.tensor(-0.5))
        self.level, self.slope = (torch.nn.Parameter(torch.tensor(0.0)) for _ in range(2))

    def kernel(self, a, b):
        return (2 * self.log_amp).exp() * torch.exp(-0.5 * ((a[:, None] - b[None]) / self.log_scale.exp()) ** 2)

    def mean(self, x):
        return self.level + self.slope * x

    def nll(self, x, y):
        k = self.kernel(x, x) + ((2 * self.log_noise).exp() + 1e-6) * torch.eye(len(x), dtype=x.dtype)
        chol = torch.linalg.cholesky(k)
        r = (y - self.mean(x))[:, None]
        return 0.5 * (r * torch.cholesky_solve(r, chol)).sum() + chol.diagonal().log().sum() + 0.5 * len(x) * math.log(2 * math.pi)

    def predict(self, x, y, new):
        k = self.kernel(x, x) + (2 * self.log_noise).exp() * torch.eye(len(x), dtype=x.dtype)
        return self.mean(new) + self.kernel(new, x) @ torch.linalg.solve(k, y - self.mean(x))


torch.manual_seed(12)
torch.set_default_dtype(torch.float64)
x, y = curve(300)
xt, yt = curve(200)
gp = GP().double()
opt = torch.optim.LBFGS(gp.parameters(), lr=0.5, max_iter=5, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = gp.nll(x, y)
    loss.backward()
    return loss


for it in range(16):
    loss = opt.step(closure)
    with torch.no_grad():
        rmse = (gp.predict(x, y, xt) - yt).pow(2).mean().sqrt().item()
    print(f"iteration {it:2d}  nll {loss.item():9.3f}  test rmse {rmse:.4f}  noise {gp.log_noise.exp().item():.4f}")
