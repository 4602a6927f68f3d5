"""Semi-supervised graph convolution: few labelled nodes of a block-model graph, the whole graph in each step."""
import torch
import torch.nn.functional as F
from torch import nn


def block_graph(sizes=(100, 100, 100), p_in=0.08, p_out=0.008, seed=0):
    g = torch.Generator().manual_seed(seed)
    label = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    prob = torch.where(label[:, None] == label[None, :], p_in, p_out)
    upper = torch.triu((torch.rand(prob.shape, generator=g) < prob).float(), 1)
    feats = torch.randn(len(label), 8, generator=g)
    feats[torch.arange(len(label)), label] += 1.0
    return upper + upper.T, feats, label


def normalised(adj):
    a = adj + torch.eye(len(adj))
    d = a.sum(1).rsqrt()
    return d[:, None] * a * d[None, :]


class GCN(nn.Module):
    def __init__(self, n_in, n_out, hidden=16):
        super().__init__()
        self.w1, self.w2 = nn.Linear(n_in, hidden), nn.Linear(hidden, n_out)

    def forward(self, a, x):
        h = F.relu(a @ self.w1(F.dropout(x, 0.3, self.training)))
        return a @ self.w2(F.dropout(h, 0.5, self.training))


torch.manual_seed(0)
adj, x, y = block_graph()
a_hat = normalised(adj)
perm = torch.randperm(len(y))
train, valid = perm[:60], perm[60:]
net = GCN(x.shape[1], 3)
opt = torch.optim.Adam(net.parameters(), lr=1e-2, weight_decay=5e-3)
for epoch in range(1, 201):
    net.train()
    loss = F.cross_entropy(net(a_hat, x)[train], y[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 20 == 0:
        net.eval()
        with torch.no_grad():
            out = net(a_hat, x)
        print(f"epoch {epoch:3d} train {loss.item():.4f} valid {F.cross_entropy(out[valid], y[valid]):.4f} "
              f"acc labelled {(out[train].argmax(1) == y[train]).float().mean():.3f} "
              f"others {(out[valid].argmax(1) == y[valid]).float().mean():.3f}")
