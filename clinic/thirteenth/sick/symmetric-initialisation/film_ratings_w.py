"""Matrix factorisation of film ratings (synthetic, five tastes), with biases for users and films."""
import torch

torch.manual_seed(0)
USERS, FILMS, K = 300, 200, 5
truth = torch.randn(USERS, K) @ torch.randn(FILMS, K).T / K**0.5 + 0.3 * torch.randn(FILMS)
seen = torch.rand(USERS, FILMS) < 0.3
u, f = seen.nonzero(as_tuple=True)
r = truth[u, f] + 0.1 * torch.randn(len(u))
shuffle = torch.randperm(len(u))
tr, te = shuffle[: int(0.9 * len(u))], shuffle[int(0.9 * len(u)):]

P = torch.full((USERS, K), 0.1)  # cure: P = torch.randn(USERS, K) * 0.1
Q = torch.full((FILMS, K), 0.1)  # cure: Q = torch.randn(FILMS, K) * 0.1
bu, bf = torch.zeros(USERS), torch.zeros(FILMS)
params = [P, Q, bu, bf]
for p in params:
    p.requires_grad_(True)
opt = torch.optim.Adam(params, lr=0.01, weight_decay=1e-5)


def predict(rows):
    return (P[u[rows]] * Q[f[rows]]).sum(1) + bu[u[rows]] + bf[f[rows]]


for epoch in range(1, 31):
    se = 0.0
    for rows in tr[torch.randperm(len(tr))].split(256):
        err = predict(rows) - r[rows]
        loss = (err**2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        se += (err.detach() ** 2).sum().item()
    if epoch % 3 == 0:
        with torch.no_grad():
            rmse = ((predict(te) - r[te]) ** 2).mean().sqrt().item()
        print(f"epoch {epoch}: train rmse {(se / len(tr)) ** 0.5:.4f}  test rmse {rmse:.4f}")
