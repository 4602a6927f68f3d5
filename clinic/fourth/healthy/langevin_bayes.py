"""Bayesian regression by stochastic-gradient Langevin dynamics: noise is added to each step, samples are averaged."""
import torch
from torch import nn

torch.manual_seed(0)
n = 500
x = torch.randn(n, 3)
truth = lambda v: torch.sin(2 * v[:, :1]) + 0.5 * v[:, 1:2] * v[:, 2:]
y = truth(x) + 0.2 * torch.randn(n, 1)
xt = torch.randn(1000, 3)
yt = truth(xt)
net = nn.Sequential(nn.Linear(3, 40), nn.Tanh(), nn.Linear(40, 1))
noise_var, prior_var, batch = 0.04, 1.0, 50
step_size = 1e-5
mean_prediction, kept = torch.zeros_like(yt), 0
for it in range(1, 4001):
    idx = torch.randint(n, (batch,))
    log_lik = -((net(x[idx]) - y[idx]) ** 2).sum() / (2 * noise_var) * n / batch
    log_prior = -sum((p ** 2).sum() for p in net.parameters()) / (2 * prior_var)
    log_post = log_lik + log_prior
    net.zero_grad()
    log_post.backward()
    with torch.no_grad():
        for p in net.parameters():
            p += step_size * p.grad + (2 * step_size) ** 0.5 * torch.randn_like(p)
        if it > 2000 and it % 10 == 0:
            mean_prediction += net(xt)
            kept += 1
        if it % 400 == 0:
            single = ((net(xt) - yt) ** 2).mean().item()
            line = f"{it:5d} log posterior {log_post.item():.1f}  one sample mse {single:.4f}"
            if kept:
                line += f"  averaged mse {((mean_prediction / kept - yt) ** 2).mean().item():.4f}"
            print(line)
print("variance of the target", round(yt.var().item(), 4))
