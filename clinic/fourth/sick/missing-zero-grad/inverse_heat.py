"""Recover a rod's conductivity profile (10 unknowns) from temperatures: gradient descent through the simulation."""
import torch

torch.manual_seed(0)
n, steps, dt = 22, 25, 0.15
truth = 0.6 + 0.3 * torch.sin(torch.linspace(0, 5, n - 1))
basis = torch.stack([torch.exp(-((torch.linspace(0, 1, n - 1) - c) / 0.1) ** 2) for c in torch.linspace(0, 1, 10)])
starts = torch.randn(24, n).cumsum(1)
starts = (starts - starts.mean(1, keepdim=True)) / starts.std(1, keepdim=True)


def simulate(kappa, u):
    record = []
    for k in range(steps):
        flux = kappa * (u[:, 1:] - u[:, :-1])
        change = torch.zeros_like(u)
        change[:, :-1] += flux
        change[:, 1:] -= flux
        u = u + dt * change
        if k % 5 == 4:
            record.append(u)
    return torch.stack(record)


data = simulate(truth, starts) + 0.005 * torch.randn(5, 24, n)
coef = torch.full((10,), 0.3, requires_grad=True)
lr = 3.0

for it in range(1, 201):
    rows = torch.randperm(24)[:8]
    kappa = 0.05 + torch.log1p(torch.exp(coef @ basis))
    misfit = ((simulate(kappa, starts[rows]) - data[:, rows]) ** 2).mean()
    misfit.backward()
    with torch.no_grad():
        coef -= lr * coef.grad
        # cure: coef.grad.zero_()
    if it % 20 == 0:
        err = (kappa.detach() - truth).abs().mean().item()
        print(f"iteration {it:3d}  misfit {misfit.item():.6f}  mean error of the conductivity {err:.4f}")
