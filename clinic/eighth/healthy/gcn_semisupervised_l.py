"""Graph convolution on a stochastic block model; 12 labelled nodes per community, the whole graph in every step."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(61)
N, K = 400, 4
community = torch.arange(N) % K
same = community[:, None] == community[None]
edges = torch.triu(torch.rand(N, N) < torch.where(same, 0.08, 0.012), 1).float()
adj = edges + edges.T + torch.eye(N)
d = adj.sum(1).rsqrt()
adj = d[:, None] * adj * d[None]
features = F.one_hot(community, K).float() @ torch.randn(K, 16) * 0.5 + torch.randn(N, 16)
features = (features - features.mean(0)) / features.std(0)

labels = torch.full((N,), -100)
for c in range(K):
    nodes = torch.nonzero(community == c).squeeze(1)
    chosen = nodes[torch.randperm(len(nodes))[:12]]
    labels[chosen] = c
hidden_nodes = labels == -100


class GCN(nn.Module):
    def __init__(self, n_in, width, n_out):
        super().__init__()
        self.a, self.b = nn.Linear(n_in, width), nn.Linear(width, n_out)

    def forward(self, x):
        x = F.dropout(F.relu(adj @ self.a(x)), 0.5, self.training)
        return adj @ self.b(x)


model = GCN(16, 32, K)
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
for epoch in range(1, 121):
    model.train()
    opt.zero_grad()
    loss = F.cross_entropy(model(features), labels, ignore_index=-100)
    loss.backward()
    opt.step()
    if epoch % 15 == 0:
        model.eval()
        with torch.no_grad():
            out = model(features)[hidden_nodes]
        target = community[hidden_nodes]
        print(f"epoch {epoch} loss {loss.item():.4f} unlabelled loss {F.cross_entropy(out, target):.4f} acc {(out.argmax(1) == target).float().mean():.3f}")
