"""Semi-supervised node classification on a random community graph: two rounds of mean aggregation over neighbours."""
import argparse

import torch
import torch.nn.functional as F
from torch import nn

GROUPS = 8


def build_graph(n, g):
    group = torch.randint(GROUPS, (n,), generator=g)
    same = group[:, None] == group[None]
    odds = torch.where(same, 0.06, 0.004)
    adj = torch.bernoulli(odds, generator=g).triu(1)
    adj = adj + adj.T + torch.eye(n)
    centres = torch.randn(GROUPS, 16, generator=g)
    features = centres[group] * 0.6 + torch.randn(n, 16, generator=g)
    return adj / adj.sum(1, keepdim=True), features, group


class Sage(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.one = nn.Linear(32, width)
        self.two = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, GROUPS)

    def forward(self, adj, x):
        x = F.elu(self.one(torch.cat([x, adj @ x], 1)))
        x = F.elu(self.two(torch.cat([x, adj @ x], 1)))
        return self.out(x)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=2)  # cure: parser.add_argument("--width", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=300)
    args = parser.parse_args()
    torch.manual_seed(3)
    adj, x, y = build_graph(1200, torch.Generator().manual_seed(3))
    order = torch.randperm(1200)
    train, valid = order[:800], order[800:]
    model = Sage(args.width)
    opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=5e-4)
    for epoch in range(1, args.epochs + 1):
        out = model(adj, x)
        loss = F.cross_entropy(out[train], y[train])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if epoch % 30 == 0:
            right = (out.argmax(1) == y).float()
            print(f"epoch {epoch:3d} loss {loss.item():.3f} valid {F.cross_entropy(out[valid], y[valid]).item():.3f} "
                  f"accuracy train {right[train].mean():.3f} valid {right[valid].mean():.3f}")
