"""Sparse dictionary autoencoder on synthetic edge patches: thresholded ReLU codes, linear decoder."""
import math
import torch
import torch.nn as nn


def patches(n, size=8):
    ax = torch.linspace(-1, 1, size)
    yy, xx = torch.meshgrid(ax, ax, indexing="ij")
    th = torch.rand(n, 1, 1) * math.pi
    off = torch.rand(n, 1, 1) - 0.5
    img = torch.tanh(4 * (xx * th.cos() + yy * th.sin() - off)).flatten(1)
    return img + 0.05 * torch.randn_like(img)


class SparseAE(nn.Module):
    def __init__(self, atoms=128, theta=3.0):  # cure: def __init__(self, atoms=128, theta=0.1):
        super().__init__()
        self.encode = nn.Linear(64, atoms)
        self.decode = nn.Linear(atoms, 64)
        self.theta = theta

    def forward(self, x):
        code = torch.relu(self.encode(x) - self.theta)
        return self.decode(code), code


class Trainer:
    def __init__(self, model, lr=1e-3, l1=1e-3):
        self.model, self.l1 = model, l1
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)

    def step(self, x):
        rec, code = self.model(x)
        mse = (rec - x).pow(2).mean()
        self.opt.zero_grad()
        (mse + self.l1 * code.abs().mean()).backward()
        self.opt.step()
        return mse.item()

    def fit(self, steps):
        test = patches(1000)
        for i in range(1, steps + 1):
            mse = self.step(patches(64))
            if i % 100 == 0:
                with torch.no_grad():
                    err = (self.model(test)[0] - test).pow(2).mean().item()
                print(f"step {i} batch mse {mse:.4f} test mse {err:.4f}")


torch.manual_seed(2)
Trainer(SparseAE()).fit(1000)
