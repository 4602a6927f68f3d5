"""Message passing on small random graphs: is there an edge between a node of type 0 and one of type 1?"""
import numpy as np
import torch
from torch import nn


def random_graphs(rng, n, nodes=10, types=4):
    kind = rng.integers(0, types, (n, nodes))
    upper = np.triu(rng.random((n, nodes, nodes)) < 0.13, 1)
    adj = upper | upper.transpose(0, 2, 1)
    hit = (kind[:, :, None] == 0) & (kind[:, None, :] == 1) & adj
    x = np.eye(types, dtype=np.float32)[kind]
    return torch.from_numpy(x), torch.from_numpy(adj.astype(np.float32)), torch.from_numpy(hit.any((1, 2)).astype(np.int64))


class GraphNet(nn.Module):
    def __init__(self, types=4, hidden=16):
        super().__init__()
        self.own = nn.Linear(types, hidden)
        self.neighbours = nn.Linear(types, hidden, bias=False)
        self.mix = nn.Linear(hidden, hidden)
        self.readout = nn.Linear(hidden, 2)

    def forward(self, x, adj):
        h = torch.relu(self.own(x) + self.neighbours(adj @ x))
        h = torch.relu(self.mix(h))
        pooled = torch.from_numpy(h.detach().numpy().max(axis=1))  # cure: pooled = h.amax(dim=1)
        return self.readout(pooled)


rng = np.random.default_rng(0)
torch.manual_seed(0)
x, adj, y = random_graphs(rng, 4000)
xt, at, yt = random_graphs(rng, 1000)
print("share of positive graphs", y.float().mean().item())
net = GraphNet()
criterion = nn.CrossEntropyLoss()
adam = torch.optim.Adam(net.parameters(), lr=0.005)
for epoch in range(30):
    total = 0.0
    for idx in torch.randperm(len(y)).split(100):
        adam.zero_grad()
        loss = criterion(net(x[idx], adj[idx]), y[idx])
        loss.backward()
        adam.step()
        total += loss.item() * len(idx) / len(y)
    if epoch % 3 == 2:
        with torch.no_grad():
            acc = (net(xt, at).argmax(1) == yt).float().mean().item()
        print(f"epoch {epoch + 1} loss {total:.4f} test accuracy {acc:.3f}")
