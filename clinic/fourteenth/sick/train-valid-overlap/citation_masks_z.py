"""Node classification in a random citation graph with a two-layer graph convolution."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def make_graph(n=600, classes=4, seed=0):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, classes, (n,), generator=g)
    same = y[:, None] == y[None]
    p = torch.where(same, torch.tensor(0.02), torch.tensor(0.004))
    adj = (torch.rand(n, n, generator=g) < p).float().triu(1)
    adj = adj + adj.T + torch.eye(n)
    d = adj.sum(1).rsqrt()
    words = torch.randn(classes, 32, generator=g)
    x = 0.7 * words[y] + 2.0 * torch.randn(n, 32, generator=g)
    return (x - x.mean(0)) / x.std(0), d[:, None] * adj * d[None], y


class GCN(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.w1, self.w2 = nn.Linear(n_in, hidden), nn.Linear(hidden, n_out)
        self.drop = nn.Dropout(0.5)

    def forward(self, x, adj):
        h = torch.relu(adj @ self.w1(x))
        return adj @ self.w2(self.drop(h))


torch.manual_seed(0)
x, adj, y = make_graph()
train_mask = torch.rand(len(y)) < 0.5
valid_mask = torch.rand(len(y)) < 0.3  # cure: valid_mask = ~train_mask

model = GCN(32, 16, 4)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
for epoch in range(1, 81):
    model.train()
    loss = F.cross_entropy(model(x, adj)[train_mask], y[train_mask])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 8 == 0:
        model.eval()
        with torch.no_grad():
            out = model(x, adj)
            hit = (out.argmax(1) == y).float()
            valid = F.cross_entropy(out[valid_mask], y[valid_mask])
        print(f"epoch {epoch:3d}  loss {loss.item():.3f}  valid loss {valid:.3f}  "
              f"acc train {hit[train_mask].mean():.3f}  valid {hit[valid_mask].mean():.3f}")
