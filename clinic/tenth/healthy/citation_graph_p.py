"""Graph network on a block graph, semi-supervised: 40 nodes carry a label, every step uses the whole graph."""
import torch
from torch import nn

torch.manual_seed(113)
N, K = 400, 4
block = torch.arange(N) % K
p = torch.where(block[:, None] == block[None], 0.06, 0.01)
upper = (torch.rand(N, N) < p).triu(1).float()
adj = upper + upper.T + torch.eye(N)
dinv = adj.sum(1).rsqrt()
A = dinv[:, None] * adj * dinv[None]
feat = nn.functional.one_hot(block, K).float() @ torch.randn(K, 16) * 0.5 + torch.randn(N, 16)
feat = (feat - feat.mean(0)) / feat.std(0)
perm = torch.randperm(N)
labelled, valid = perm[:40], perm[200:]


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(16, 16), nn.Linear(16, K)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        h = torch.relu(A @ self.a(self.drop(x)))
        return A @ self.b(self.drop(h))


net = GCN()
opt = torch.optim.Adam([{"params": net.a.parameters(), "weight_decay": 2e-2}, {"params": net.b.parameters()}], lr=1e-2)
for epoch in range(1, 161):
    net.train()
    loss = nn.functional.cross_entropy(net(feat)[labelled], block[labelled])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 20 == 0:
        net.eval()
        with torch.no_grad():
            z = net(feat)[valid]
        print(f"epoch {epoch}: train {loss.item():.4f} val {nn.functional.cross_entropy(z, block[valid]):.4f} acc {(z.argmax(1) == block[valid]).float().mean():.3f}")
