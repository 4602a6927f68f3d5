"""Graph autoencoder: predict the missing links of a graph with four communities."""
import torch
import torch.nn as nn
from sklearn.metrics import roc_auc_score

torch.manual_seed(22)
N, K = 160, 4
group = torch.arange(N) % K
prob = torch.where(group[:, None] == group[None, :], 0.35, 0.02)
upper = torch.triu(torch.rand(N, N) < prob, 1)
edges = upper.nonzero()
edges = edges[torch.randperm(len(edges))]
n_test = len(edges) // 8
test_pos, train_pos = edges[:n_test], edges[n_test:]

A = torch.zeros(N, N)
A[train_pos[:, 0], train_pos[:, 1]] = 1
A = A + A.t() + torch.eye(N)
d = A.sum(1).rsqrt()
A_hat = d[:, None] * A * d[None, :]


def non_edges(n):
    pairs = torch.randint(0, N, (3 * n, 2))
    pairs = torch.stack([pairs.min(1).values, pairs.max(1).values], 1)
    keep = (pairs[:, 0] < pairs[:, 1]) & ~upper[pairs[:, 0], pairs[:, 1]]
    return pairs[keep][:n]


class GAE(nn.Module):
    def __init__(self, hidden=32, dim=16):
        super().__init__()
        self.node = nn.Parameter(torch.randn(N, hidden))
        self.lin1, self.lin2 = nn.Linear(hidden, hidden), nn.Linear(hidden, dim)
        self.bias = nn.Parameter(torch.zeros(1))

    def encode(self):
        h = torch.relu(A_hat @ self.lin1(self.node))
        return A_hat @ self.lin2(h)

    def decode(self, z, pairs):
        return torch.sigmoid((z[pairs[:, 0]] * z[pairs[:, 1]]).sum(1) + self.bias)  # cure: return (z[pairs[:, 0]] * z[pairs[:, 1]]).sum(1) + self.bias


model = GAE()
opt = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=5e-4)
criterion = nn.BCEWithLogitsLoss()
test_neg = non_edges(n_test)
test_pairs = torch.cat([test_pos, test_neg])
test_y = torch.cat([torch.ones(len(test_pos)), torch.zeros(len(test_neg))])
for epoch in range(1, 201):
    pairs = torch.cat([train_pos, non_edges(len(train_pos))])
    y = torch.zeros(len(pairs))
    y[:len(train_pos)] = 1
    loss = criterion(model.decode(model.encode(), pairs), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 20 == 0:
        with torch.no_grad():
            score = model.decode(model.encode(), test_pairs)
        print(f"epoch {epoch:3d} train loss {loss.item():.4f} test loss {criterion(score, test_y).item():.4f} "
              f"auc {roc_auc_score(test_y.numpy(), score.numpy()):.3f}")
