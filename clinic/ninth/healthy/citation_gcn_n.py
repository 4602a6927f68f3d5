"""Semi-supervised node classification: a two-layer graph convolution sees the whole graph at every step, few labels."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(41)
N, K, FEATS = 600, 4, 40
topic = torch.randint(K, (N,))
same = topic[:, None] == topic[None]
upper = torch.rand(N, N).triu(1)
adj = ((upper > 0) & (upper < torch.where(same, 0.022, 0.0025))).float()
adj = adj + adj.T + torch.eye(N)
deg = adj.sum(1).rsqrt()
A = deg[:, None] * adj * deg[None]
words = torch.rand(K, FEATS) * 0.5 + 0.25
X = torch.bernoulli(0.6 * words[topic] + 0.4 * 0.5)
X = (X - X.mean(0)) / X.std(0)
perm = torch.randperm(N)
labelled, valid, test = perm[:120], perm[120:260], perm[260:]


class GCN(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.w1 = nn.Linear(FEATS, hidden)
        self.w2 = nn.Linear(hidden, K)

    def forward(self, x):
        h = F.relu(A @ self.w1(F.dropout(x, 0.5, self.training)))
        return A @ self.w2(F.dropout(h, 0.5, self.training))


net = GCN()
opt = torch.optim.Adam([{"params": net.w1.parameters(), "weight_decay": 1e-2}, {"params": net.w2.parameters(), "weight_decay": 5e-3}], lr=0.01)
best = (0.0, 0.0)
for step in range(1, 201):
    net.train()
    loss = F.cross_entropy(net(X)[labelled], topic[labelled])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        net.eval()
        with torch.no_grad():
            z = net(X)
        acc = lambda idx: (z[idx].argmax(1) == topic[idx]).float().mean().item()
        best = max(best, (acc(valid), acc(test)))
        print(f"step {step} loss {loss.item():.3f} valid loss {F.cross_entropy(z[valid], topic[valid]).item():.3f} "
              f"valid {acc(valid):.3f} test {acc(test):.3f}")
print(f"best valid {best[0]:.3f}, test there {best[1]:.3f}")
