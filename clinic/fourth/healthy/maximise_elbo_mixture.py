"""Gaussian mixture by gradient ascent on the log-likelihood (optimizer with maximize=True), wine data in 2 principal axes."""
import torch
from sklearn.datasets import load_wine

torch.manual_seed(0)
raw = load_wine()
x = torch.tensor(raw.data, dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0)
_, _, v = torch.linalg.svd(x, full_matrices=False)
x = x @ v[:2].T
K = 3
means = x[torch.randperm(len(x))[:K]].clone().requires_grad_()
log_sd = torch.zeros(K, 2, requires_grad=True)
weight = torch.zeros(K, requires_grad=True)
opt = torch.optim.Adam([means, log_sd, weight], lr=0.02, maximize=True)


def log_joint(p):
    z = (p[:, None] - means) * torch.exp(-log_sd)
    return torch.log_softmax(weight, 0) - log_sd.sum(1) - 0.5 * z.pow(2).sum(2) - 1.8379


def agreement():
    with torch.no_grad():
        who = log_joint(x).argmax(1)
    target = torch.tensor(raw.target)
    return sum((target[who == k].bincount().max().item() if (who == k).any() else 0) for k in range(K)) / len(x)


for epoch in range(1, 301):
    order = torch.randperm(len(x))
    for idx in order.split(60):
        objective = torch.logsumexp(log_joint(x[idx]), 1).mean()
        opt.zero_grad()
        objective.backward()
        opt.step()
    if epoch % 30 == 0:
        with torch.no_grad():
            full = torch.logsumexp(log_joint(x), 1).mean().item()
        print(f"epoch {epoch}: log-likelihood per sample {full:.4f}, agreement with the cultivars {agreement():.3f}")
