"""Matrix factorisation of a ratings table: every viewer and film gets a vector, a rating is their inner product."""
import numpy as np
import torch

rng = np.random.RandomState(9)
torch.manual_seed(9)
VIEWERS, FILMS, RANK = 150, 120, 6
taste, style = rng.randn(VIEWERS, 4), rng.randn(FILMS, 4)
table = taste @ style.T / 2 + 0.1 * rng.randn(VIEWERS, FILMS)
seen = np.argwhere(rng.rand(VIEWERS, FILMS) < 0.5)
rng.shuffle(seen)
cut = int(0.85 * len(seen))
u, f = torch.tensor(seen[:, 0]), torch.tensor(seen[:, 1])
r = torch.tensor(table[seen[:, 0], seen[:, 1]], dtype=torch.float32)

P = torch.full((VIEWERS, RANK), 0.1)  # cure: P = 0.1 * torch.randn(VIEWERS, RANK)
Q = torch.full((FILMS, RANK), 0.1)  # cure: Q = 0.1 * torch.randn(FILMS, RANK)
bu, bf = torch.zeros(VIEWERS), torch.zeros(FILMS)
params = [P, Q, bu, bf]
for p in params:
    p.requires_grad_(True)


def predict(i, j):
    return (P[i] * Q[j]).sum(1) + bu[i] + bf[j]


opt = torch.optim.Adam([{"params": [P, Q], "lr": 0.02}, {"params": [bu, bf], "lr": 0.01}])
for epoch in range(1, 41):
    sse = 0.0
    for k in torch.randperm(cut).split(256):
        err = predict(u[k], f[k]) - r[k]
        penalty = 0.01 * (P[u[k]].pow(2).sum(1) + Q[f[k]].pow(2).sum(1)).mean()
        loss = err.pow(2).mean() + penalty
        opt.zero_grad()
        loss.backward()
        opt.step()
        sse += err.detach().pow(2).sum().item()
    if epoch % 5 == 0:
        with torch.no_grad():
            rmse = (predict(u[cut:], f[cut:]) - r[cut:]).pow(2).mean().sqrt().item()
        print(f"epoch {epoch}  train rmse {(sse / cut) ** 0.5:.3f}  test rmse {rmse:.3f}")
