"""Reduced-rank regression: two linear layers without activation, a bottleneck of rank three that is wanted."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(10)
torch.manual_seed(10)
A, B = rng.normal(size=(30, 3)), rng.normal(size=(3, 12))
X = rng.normal(size=(1500, 30))
Y = X @ A @ B / np.sqrt(90) + 0.3 * rng.normal(size=(1500, 12))
X, Y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
train = DataLoader(TensorDataset(X[:1200], Y[:1200]), batch_size=40, shuffle=True)


class ReducedRank(nn.Module):
    """y = V U x: factors of one matrix of rank `rank`; an activation would make it another model."""

    def __init__(self, rank):
        super().__init__()
        self.U = nn.Linear(30, rank, bias=False)
        self.V = nn.Linear(rank, 12)

    def forward(self, x):
        return self.V(self.U(x))


model = ReducedRank(3)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)
for epoch in range(30):
    total = 0.0
    for x, y in train:
        loss = nn.functional.mse_loss(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / len(train)
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(X[1200:]), Y[1200:]).item()
            W = model.V.weight @ model.U.weight
            err = (W - torch.tensor((A @ B).T / np.sqrt(90))).norm() / W.norm()
        print(f"epoch {epoch + 1}: train {total:.4f} valid {v:.4f} (noise 0.09), error of the matrix {err:.3f}")
