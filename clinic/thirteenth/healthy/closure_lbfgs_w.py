"""Gaussian process regression: kernel parameters by the marginal likelihood with L-BFGS on all thirty points at once."""
import math

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x = torch.sort(torch.rand(30) * 6)[0]
y = torch.sin(2 * x) + 0.1 * torch.randn(30)
x_new = torch.linspace(0.3, 5.7, 100)
log_len, log_amp, log_noise = (torch.nn.Parameter(torch.tensor(v)) for v in (0.5, -1.0, -0.5))


def kernel(a, b):
    return (2 * log_amp).exp() * torch.exp(-0.5 * (a[:, None] - b[None]) ** 2 / (2 * log_len).exp())


def negative_log_evidence():
    K = kernel(x, x) + ((2 * log_noise).exp() + 1e-8) * torch.eye(30)
    L = torch.linalg.cholesky(K)
    alpha = torch.cholesky_solve(y[:, None], L)
    return 0.5 * (y @ alpha).squeeze() + L.diagonal().log().sum() + 15 * math.log(2 * math.pi)


opt = torch.optim.LBFGS([log_len, log_amp, log_noise], lr=1.0, max_iter=4, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = negative_log_evidence()
    loss.backward()
    return loss


for it in range(12):
    loss = opt.step(closure)
    with torch.no_grad():
        K = kernel(x, x) + (2 * log_noise).exp() * torch.eye(30)
        mean = kernel(x_new, x) @ torch.linalg.solve(K, y)
        rmse = (mean - torch.sin(2 * x_new)).pow(2).mean().sqrt()
    print(f"{it:2d} -log evidence {loss.item():8.3f}  length {log_len.exp():.3f} amplitude {log_amp.exp():.3f}"
          f" noise {log_noise.exp():.3f}  rmse {rmse:.4f}")
