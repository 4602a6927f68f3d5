"""Semi-supervised labelling of points on a neighbourhood graph: every node gathers from its neighbours, layer after layer."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
rng = np.random.default_rng(0)

N, CLASSES = 360, 4
centres = rng.normal(size=(CLASSES, 2)) * 2.5
label = rng.integers(0, CLASSES, N)
pos = centres[label] + rng.normal(size=(N, 2)) * 0.8
feats = np.concatenate([(pos - pos.mean(0)) / pos.std(0), rng.normal(size=(N, 6))], 1)
dist = np.linalg.norm(pos[:, None] - pos[None], axis=-1)
adj = torch.tensor((dist < 0.9).astype(np.float32))
x = torch.tensor(feats, dtype=torch.float32)
y = torch.tensor(label)
perm = torch.randperm(N)
train, test = perm[:200], perm[200:]


class Gather(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.lin = nn.Linear(n_in, n_out)

    def forward(self, h, adj):
        msg = adj @ h  # cure: msg = adj @ h / adj.sum(1, keepdim=True)
        return F.relu(self.lin(msg))


class Net(nn.Module):
    def __init__(self, width=32, layers=6):
        super().__init__()
        sizes = [8] + [width] * layers
        self.layers = nn.ModuleList(Gather(a, b) for a, b in zip(sizes, sizes[1:]))
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.lin.weight)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, h, adj):
        for layer in self.layers:
            h = layer(h, adj)
        return self.head(h)


net = Net()
optimiser = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(1, 201):
    net.train()
    optimiser.zero_grad()
    out = net(x, adj)
    loss = F.cross_entropy(out[train], y[train])
    loss.backward()
    optimiser.step()
    if epoch % 20 == 0 or epoch < 4:
        with torch.no_grad():
            hit = (net(x, adj)[test].argmax(1) == y[test]).float().mean()
        print(f"{epoch:4d}: loss {loss.item():.4g}, test accuracy {hit:.3f}")
