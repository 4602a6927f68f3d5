"""Fit a polynomial-feature model to a damped wave, full batch, SGD with momentum."""
import numpy as np
import torch

torch.manual_seed(1)
rng = np.random.default_rng(1)
t = np.sort(rng.uniform(-1, 1, 200))
signal = np.exp(-t) * np.sin(5 * t)
obs = signal + 0.05 * rng.normal(size=200)

DEGREE = 10
basis = np.polynomial.legendre.legvander(t, DEGREE)
basis[:, 1:] /= basis[:, 1:].std(0)
Phi = torch.tensor(basis, dtype=torch.float32)
y = torch.tensor(obs, dtype=torch.float32)

coef = torch.nn.Parameter(torch.zeros(DEGREE + 1))
opt = torch.optim.SGD([coef], lr=0.3, momentum=0.999)  # cure: opt = torch.optim.SGD([coef], lr=0.3, momentum=0.9)
for it in range(1, 1001):
    loss = ((Phi @ coef - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 25 == 0:
        print(f"iteration {it:4d}   mse {loss.item():.5f}")
with torch.no_grad():
    print("error against the noiseless wave:", ((Phi @ coef - torch.tensor(signal)) ** 2).mean().item())
