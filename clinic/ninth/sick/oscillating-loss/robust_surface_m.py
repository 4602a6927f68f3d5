"""Robust surface fit (absolute error) of a two-dimensional landscape with radial basis features."""
import torch

torch.manual_seed(70)
g = torch.Generator().manual_seed(71)


def height(p):
    return torch.exp(-2 * (p - 0.3).pow(2).sum(1)) - 0.7 * torch.exp(-3 * (p + 0.4).pow(2).sum(1)) + 0.2 * p[:, 0]


centres = torch.rand(49, 2, generator=g) * 2.4 - 1.2


def features(p):
    d = (p[:, None] - centres[None]).pow(2).sum(-1)
    return torch.exp(-d / 0.5)


P, Pt = torch.rand(2000, 2, generator=g) * 2 - 1, torch.rand(500, 2, generator=g) * 2 - 1
Y, Yt = height(P), height(Pt)
Y = torch.where(torch.rand(2000, generator=g) < 0.05, Y + 3, Y)
Phi, Phit = features(P), features(Pt)
w = torch.zeros(49, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
opt = torch.optim.SGD([w, b], lr=0.1)
ROUNDS = 60
# cure: sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, ROUNDS, eta_min=1e-4)
for r in range(ROUNDS):
    for idx in torch.randperm(2000).split(100):
        loss = (Phi[idx] @ w + b - Y[idx]).abs().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    # cure: sched.step()
    with torch.no_grad():
        train = (Phi @ w + b - Y).abs().mean()
        test = (Phit @ w + b - Yt).abs().mean()
    if r % 3 == 2:
        print(f"round {r + 1:2d} train |err| {train:.4f} test |err| {test:.4f}")
