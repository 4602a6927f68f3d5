"""Two-layer graph convolution that finds who belongs to the inner circle of a synthetic social graph."""
import torch
from torch import nn
from torch.nn import functional as F

N, INNER, FEATURES = 500, 210, 16


def social_graph(gen):
    order = torch.randperm(N, generator=gen)
    inner = torch.zeros(N, dtype=torch.bool)
    inner[order[:INNER]] = True
    same = inner[:, None] == inner[None]
    p = torch.where(same, 0.035, 0.008)
    adj = (torch.rand(N, N, generator=gen) < p).float().triu(1)
    adj = adj + adj.T
    x = torch.randn(N, FEATURES, generator=gen)
    x[:, :4] += 0.5 * inner[:, None].float() - 0.25
    return adj, x, inner


def normalise(adj):
    adj = adj + torch.eye(len(adj))
    d = adj.sum(1).rsqrt()
    return d[:, None] * adj * d[None]


class GCN(nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.lin1 = nn.Linear(FEATURES, hidden)
        self.lin2 = nn.Linear(hidden, 2)

    def forward(self, a, x):
        h = F.relu(a @ self.lin1(x))
        h = F.dropout(h, 0.3, self.training)
        return a @ self.lin2(h)


gen = torch.Generator().manual_seed(6)
torch.manual_seed(6)
adj, x, inner = social_graph(gen)
a = normalise(adj)

labels = torch.zeros(N, dtype=torch.long)
labels[inner].fill_(1)  # cure: labels[inner] = 1

train = torch.rand(N, generator=gen) < 0.5
test = ~train
model = GCN()
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)

for epoch in range(1, 151):
    model.train()
    opt.zero_grad()
    loss = F.cross_entropy(model(a, x)[train], labels[train])
    loss.backward()
    opt.step()
    if epoch % 15 == 0:
        model.eval()
        with torch.no_grad():
            pred = model(a, x).argmax(1)
        found = (pred[test] == 1)[inner[test]].float().mean().item()
        agree = (pred[test] == inner[test]).float().mean().item()
        print(f"epoch {epoch:3d} loss {loss.item():.4f} | accuracy {agree:.3f} | inner members found {found:.3f}")
