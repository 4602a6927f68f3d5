"""Deep batch-normalised MLP for a folded two-spiral problem; validation before and after every epoch."""
import math

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(13)


def spirals(n):
    arm = torch.randint(0, 2, (n,))
    r = torch.rand(n).sqrt()
    phi = 3.2 * math.pi * r + math.pi * arm
    xy = torch.stack([r * phi.cos(), r * phi.sin()], 1) + 0.02 * torch.randn(n, 2)
    return xy * 1.7, arm


class DeepNet(nn.Module):
    def __init__(self, depth=12, width=32):
        super().__init__()
        dims = [2] + [width] * depth
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in range(depth))
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        for lin, norm in zip(self.linears, self.norms):
            x = torch.relu(norm(lin(x)))
        return self.out(x)


@torch.no_grad()
def validate(model, x, y):
    model.eval()
    out = model(x)
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


x, y = spirals(2000)
xv, yv = spirals(600)
model = DeepNet()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
print("before training:", validate(model, x[:200], y[:200]))
for epoch in range(15):
    # cure: model.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(100):
        loss = F.cross_entropy(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 20
    val_loss, val_acc = validate(model, xv, yv)
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1}: train {total:.4f} val {val_loss:.4f} acc {val_acc:.3f}")
