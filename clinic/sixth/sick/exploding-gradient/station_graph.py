"""Clean noisy weather readings with a graph network: stations are joined to those nearby,
the true field is known for half of them."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

rng = np.random.default_rng(5)
torch.manual_seed(5)

N, RADIUS, NOISE = 400, 0.13, 0.5
place = rng.random((N, 2))
field = np.sin(5 * place[:, 0]) + np.cos(6 * place[:, 1])
field = (field - field.mean()) / field.std()
reading = np.stack([field + NOISE * rng.normal(size=N), -field + NOISE * rng.normal(size=N)], 1)
dist = np.linalg.norm(place[:, None] - place[None], axis=2)
A = (dist < RADIUS).astype(np.float32)

adj = torch.tensor(A)  # cure: adj = torch.tensor(A / A.sum(1, keepdims=True))
x = torch.tensor(reading, dtype=torch.float32)
y = torch.tensor(field, dtype=torch.float32)
order = torch.randperm(N)
train_idx, val_idx = order[:200], order[200:]


class GraphConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.near = nn.Linear(i, o)
        self.own = nn.Linear(i, o, bias=False)

    def forward(self, h, adj):
        return adj @ self.near(h) + self.own(h)


class GNN(nn.Module):
    def __init__(self, width=24, depth=5):
        super().__init__()
        dims = [2] + [width] * depth
        self.convs = nn.ModuleList(GraphConv(a, b) for a, b in zip(dims, dims[1:]))
        self.readout = nn.Linear(width, 1)

    def forward(self, h, adj):
        for conv in self.convs:
            h = F.relu(conv(h, adj))
        return self.readout(h).squeeze(1)


model = GNN()
opt = torch.optim.Adam(model.parameters(), lr=0.005)
print(f"mean degree {A.sum(1).mean():.1f}, raw readings mse {NOISE ** 2:.3f}")
for epoch in range(150):
    opt.zero_grad()
    out = model(x, adj)
    loss = F.mse_loss(out[train_idx], y[train_idx])
    loss.backward()
    opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            val = F.mse_loss(model(x, adj)[val_idx], y[val_idx])
        print("epoch %3d  train mse %.4f  val mse %.4f" % (epoch + 1, loss.item(), val.item()))
