"""Guess the branch of each firm in a supplier network from 6 % known firms (graph convolution, semi-supervised)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

N, BRANCHES = 600, 5


def network(g):
    branch = torch.randint(BRANCHES, (N,), generator=g)
    same = branch[:, None] == branch[None]
    p = torch.where(same, 0.05, 0.006)
    a = torch.bernoulli(p, generator=g).triu(1)
    features = torch.randn(N, 16, generator=g) + 0.5 * torch.randn(BRANCHES, 16, generator=g)[branch]
    return a + a.T, features, branch


class GCN(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.w1, self.w2 = nn.Linear(n_in, hidden), nn.Linear(hidden, n_out)

    def forward(self, a, x):
        x = F.dropout(x, 0.3, self.training)
        h = F.relu(a @ self.w1(x))
        return a @ self.w2(F.dropout(h, 0.5, self.training))


if __name__ == "__main__":
    torch.manual_seed(4)
    g = torch.Generator().manual_seed(4)
    adj, x, branch = network(g)
    adj = adj + torch.eye(N)
    d = adj.sum(1).rsqrt()
    adj = d[:, None] * adj * d[None]
    order = torch.randperm(N, generator=g)
    known, valid, rest = order[:36], order[36:136], order[136:]
    model = GCN(16, 32, BRANCHES)
    opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-3)
    for step in range(1, 301):
        model.train()
        loss = F.cross_entropy(model(adj, x)[known], branch[known])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 30 == 0:
            model.eval()
            with torch.no_grad():
                out = model(adj, x)
            acc = {k: (out[i].argmax(1) == branch[i]).float().mean().item() for k, i in
                   (("known", known), ("valid", valid), ("rest", rest))}
            vl = F.cross_entropy(out[valid], branch[valid]).item()
            print(f"step {step} loss {loss.item():.3f} valid loss {vl:.3f} " + " ".join(f"{k} {v:.3f}" for k, v in acc.items()))
