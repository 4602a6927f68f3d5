"""Residual graph network that finds the community of each node of a random block graph from noisy node features."""
import torch
from torch import nn
from torch.nn import functional as F

NODES, GROUPS, FEATURES = 400, 4, 8


def block_graph(gen):
    group = torch.arange(NODES) % GROUPS
    chance = torch.where(group[:, None] == group[None], 0.09, 0.012)
    upper = (torch.rand(NODES, NODES, generator=gen) < chance).float().triu(1)
    centre = torch.randn(GROUPS, FEATURES, generator=gen)
    x = 0.5 * centre[group] + torch.randn(NODES, FEATURES, generator=gen)
    return upper + upper.T, (x - x.mean(0)) / x.std(0), group


class GraphBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.message = nn.Linear(width, width)

    def forward(self, h, adj):
        received = adj @ h
        # cure: received = received / adj.sum(1, keepdim=True).clamp(min=1)
        return h + F.relu(self.message(received))


class GraphNet(nn.Module):
    def __init__(self, width=24, rounds=10):
        super().__init__()
        self.enter = nn.Linear(FEATURES, width)
        self.blocks = nn.ModuleList(GraphBlock(width) for _ in range(rounds))
        self.leave = nn.Linear(width, GROUPS)

    def forward(self, x, adj):
        h = self.enter(x)
        for block in self.blocks:
            h = block(h, adj)
        return self.leave(h)


torch.manual_seed(0)
adj, x, group = block_graph(torch.Generator().manual_seed(1))
order = torch.randperm(NODES, generator=torch.Generator().manual_seed(2))
train, valid = order[:200], order[200:]
net = GraphNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(1, 51):
    loss = F.cross_entropy(net(x, adj)[train], group[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            out = net(x, adj)
            acc = (out[valid].argmax(1) == group[valid]).float().mean()
        print(f"epoch {epoch:3d}  loss {loss.item():.4g}  valid loss {F.cross_entropy(out[valid], group[valid]).item():.4g}  accuracy {acc:.3f}")
