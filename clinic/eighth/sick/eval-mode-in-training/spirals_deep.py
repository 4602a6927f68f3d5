"""Twelve-layer batch-normalised network on a two-spirals task."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(26)


def spirals(n):
    arm = torch.randint(0, 2, (n,))
    r = torch.rand(n).sqrt() * 2
    a = r * 4 + math.pi * arm
    return torch.stack([r * a.cos(), r * a.sin()], 1) + 0.04 * torch.randn(n, 2), arm


class Deep(nn.Module):
    def __init__(self, width=32, depth=12):
        super().__init__()
        dims = [2] + [width] * depth
        self.layers = nn.ModuleList(nn.Linear(i, o, bias=False) for i, o in zip(dims, dims[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in range(depth))
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        for layer, norm in zip(self.layers, self.norms):
            x = F.relu(norm(layer(x)))
        return self.head(x)


def describe(model, sample):
    """Print the size of the activations that a sample gives."""
    model.eval()
    with torch.no_grad():
        print("parameters:", sum(p.numel() for p in model.parameters()), "output std: %.4f" % model(sample).std())
    return model  # cure: return model.train()


x, y = spirals(2000)
xv, yv = spirals(500)
model = describe(Deep(), xv)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25, eta_min=0.002)
for epoch in range(25):
    losses = []
    for idx in torch.randperm(2000).split(100):
        loss = F.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    sched.step()
    if epoch % 4 == 0:
        was_training = model.training
        model.eval()
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean()
        model.train(was_training)
        print(f"epoch {epoch:2d} loss {sum(losses) / len(losses):.4f} acc {acc:.3f}")
