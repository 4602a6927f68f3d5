"""Several branches of different depth read the same point of a checkerboard and are merged."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(18)


def branch(n_in, width, depth):
    mods, d = [], n_in
    for _ in range(depth):
        mods += [nn.Linear(d, width), nn.ReLU()]
        d = width
    return nn.Sequential(*mods)


class Branches(nn.Module):
    def __init__(self, n_in=2, width=16, depths=(1, 2, 3)):
        super().__init__()
        self.branches = [branch(n_in, width, d) for d in depths]  # cure: self.branches = nn.ModuleList(branch(n_in, width, d) for d in depths)
        self.merge = nn.Linear(width * len(depths), 2)

    def forward(self, x):
        return self.merge(torch.cat([b(x) for b in self.branches], dim=1))


def checkerboard(n):
    p = torch.rand(n, 2) * 3 - 1.5
    return p, (((p[:, 0] + 1.5).floor() + (p[:, 1] + 1.5).floor()) % 2).long()


x, y = checkerboard(2000)
xv, yv = checkerboard(600)
model = Branches()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(25):
    for idx in torch.randperm(len(x)).split(50):
        optimizer.zero_grad()
        F.cross_entropy(model(x[idx]), y[idx]).backward()
        optimizer.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            out = model(xv)
            print(f"epoch {epoch}: val loss {F.cross_entropy(out, yv):.4f}, val acc {(out.argmax(1) == yv).float().mean():.3f}")
