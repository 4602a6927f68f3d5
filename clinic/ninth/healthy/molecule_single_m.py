"""Graph network, one graph per step: counts the triangles-to-edges ratio of random graphs (layer norm, no batching)."""
import torch
from torch import nn


def random_graph(g):
    n = int(torch.randint(6, 13, (1,), generator=g))
    density = 0.2 + 0.5 * torch.rand(1, generator=g)
    a = (torch.rand(n, n, generator=g) < density).float().triu(1)
    a = a + a.T
    edges = a.sum() / 2
    triangles = torch.trace(a @ a @ a) / 6
    return a, (triangles / edges.clamp(min=1))


class GraphNet(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.first = nn.Linear(3, d)
        self.mix = nn.ModuleList([nn.Linear(2 * d, d) for _ in range(2)])
        self.norm = nn.ModuleList([nn.LayerNorm(d) for _ in range(2)])
        self.read = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, 1))

    def forward(self, a):
        deg = a.sum(1, keepdim=True)
        nb = a @ deg
        h = self.first(torch.cat([deg / 5 - 1, nb / 25 - 1, (a.shape[0] - 9) / 3 * torch.ones_like(deg)], 1))
        for lin, norm in zip(self.mix, self.norm):
            m = a @ h / deg.clamp(min=1)
            h = h + torch.relu(norm(lin(torch.cat([h, m], 1))))
        return self.read(h.mean(0)).squeeze(0)


g = torch.Generator().manual_seed(208)
train, test = [random_graph(g) for _ in range(500)], [random_graph(g) for _ in range(150)]
targets = torch.stack([t for _, t in test])
torch.manual_seed(209)
net = GraphNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.1, total_iters=4 * 500)
for epoch in range(4):
    total = 0.0
    for k in torch.randperm(500).tolist():
        a, t = train[k]
        loss = (net(a) - t).pow(2)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / 500
    with torch.no_grad():
        pred = torch.stack([net(a) for a, _ in test])
    mse = (pred - targets).pow(2).mean()
    print(f"epoch {epoch + 1} train {total:.4f} test {mse:.4f} R2 {1 - mse / targets.var():.3f}")
