"""Graph convolution on a block graph: the whole graph is every batch, only 40 nodes are labelled (masked loss)."""
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(6)
N, C = 300, 3
y = torch.randint(0, C, (N,))
prob = torch.where(y[:, None] == y[None], 0.06, 0.006)
upper = (torch.rand(N, N) < prob).float().triu(1)
A = upper + upper.t() + torch.eye(N)
deg = A.sum(1).rsqrt()
A = deg[:, None] * A * deg[None]
x = F.one_hot(y, C).float() @ torch.randn(C, 16) * 0.7 + torch.randn(N, 16)
perm = torch.randperm(N)
train, valid = perm[:40], perm[40:]


class GCN(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.w1, self.w2 = nn.Linear(16, hidden), nn.Linear(hidden, C)

    def forward(self, a, x):
        h = F.relu(a @ self.w1(F.dropout(x, 0.3, self.training)))
        return a @ self.w2(F.dropout(h, 0.5, self.training))


gcn = GCN()
opt = torch.optim.Adam(gcn.parameters(), lr=5e-3, weight_decay=5e-3)
for epoch in range(1, 121):
    gcn.train()
    opt.zero_grad()
    loss = F.cross_entropy(gcn(A, x)[train], y[train])
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        gcn.eval()
        with torch.no_grad():
            out = gcn(A, x)
        acc = (out.argmax(1) == y)[valid].float().mean().item()
        print(f"epoch {epoch} loss {loss.item():.3f} valid loss {F.cross_entropy(out[valid], y[valid]).item():.3f} acc {acc:.3f}")
