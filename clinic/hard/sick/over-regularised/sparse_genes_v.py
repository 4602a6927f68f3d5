"""Predicts a trait from 60 expression levels, six of which matter (two of them jointly).
An L1 penalty is there to thin out the weights."""
import numpy as np
import torch

r = np.random.default_rng(90)
torch.manual_seed(90)
N, GENES = 7000, 60
expr = r.normal(size=(N, GENES))
trait = 1.2 * expr[:, 3] - 0.9 * expr[:, 17] + expr[:, 20] * expr[:, 41] + 0.8 * np.tanh(2 * expr[:, 33]) + 0.6 * np.abs(expr[:, 50])
trait = trait + r.normal(0, 0.3, N)
trait = (trait - trait.mean()) / trait.std()
expr, trait = torch.tensor(expr).float(), torch.tensor(trait).float()
tr, va = slice(0, 6000), slice(6000, N)

w1 = (torch.randn(GENES, 64) * (2 / GENES) ** 0.5).requires_grad_()
b1 = torch.zeros(64, requires_grad=True)
w2 = (torch.randn(64, 32) * (2 / 64) ** 0.5).requires_grad_()
b2 = torch.zeros(32, requires_grad=True)
w3 = (torch.randn(32, 1) * (1 / 32) ** 0.5).requires_grad_()
b3 = torch.zeros(1, requires_grad=True)
params = [w1, b1, w2, b2, w3, b3]


def net(x):
    h = torch.relu(x @ w1 + b1)
    return (torch.relu(h @ w2 + b2) @ w3 + b3)[:, 0]


def penalty():
    return sum(w.abs().sum() for w in (w1, w2, w3))


LAMBDA = 0.05
opt = torch.optim.Adam(params, lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 12, 0.5)
for epoch in range(24):
    fit_sum = 0.0
    for idx in torch.randperm(6000).split(50):
        fit = (net(expr[tr][idx]) - trait[tr][idx]).pow(2).mean()
        loss = fit + LAMBDA * penalty()  # cure: loss = fit + LAMBDA * penalty() / len(idx)
        opt.zero_grad()
        loss.backward()
        opt.step()
        fit_sum += fit.item() * len(idx)
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            v = (net(expr[va]) - trait[va]).pow(2).mean() / trait[va].var()
        print(f"epoch {epoch + 1}: fit {fit_sum / 6000:.4f}, penalty {penalty().item():.3f}, validation R2 {1 - v.item():.4f}")
