"""Graph convolutional network: find four communities when only 20 nodes are labelled (transductive, full graph)."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def block_model(n, k, p_in, p_out, g):
    label = torch.arange(n) % k
    prob = torch.where(label[:, None] == label[None], p_in, p_out)
    upper = torch.triu((torch.rand(n, n, generator=g) < prob).float(), 1)
    return upper + upper.T, label


def normalise(adj):
    adj = adj + torch.eye(len(adj))
    d = adj.sum(1).rsqrt()
    return d[:, None] * adj * d[None]


class GCN(nn.Module):
    def __init__(self, n_feat, hidden, k):
        super().__init__()
        self.w1 = nn.Linear(n_feat, hidden, bias=False)
        self.w2 = nn.Linear(hidden, k)
        self.drop = nn.Dropout(0.4)

    def forward(self, a, x):
        h = F.relu(a @ self.w1(self.drop(x)))
        return a @ self.w2(self.drop(h))


torch.manual_seed(8)
g = torch.Generator().manual_seed(8)
adj, label = block_model(400, 4, 0.06, 0.01, g)
a_hat = normalise(adj)
feats = torch.randn(400, 16, generator=g) + 0.7 * torch.randn(4, 16, generator=g)[label]
train = torch.zeros(400, dtype=torch.bool)
train[:20] = True
valid = ~train

model = GCN(16, 32, 4)
opt = torch.optim.Adam([{"params": model.w1.parameters(), "weight_decay": 1e-2}, {"params": model.w2.parameters()}], lr=0.01)
for epoch in range(1, 61):
    model.train()
    logits = model(a_hat, feats)
    loss = F.cross_entropy(logits[train], label[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        model.eval()
        with torch.no_grad():
            out = model(a_hat, feats)
        acc = (out.argmax(1) == label).float()
        print(f"epoch {epoch:3d} loss {loss.item():.3f} train acc {acc[train].mean():.3f} "
              f"other nodes: acc {acc[valid].mean():.3f} loss {F.cross_entropy(out[valid], label[valid]).item():.3f}")
