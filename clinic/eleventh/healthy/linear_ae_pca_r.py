"""A linear autoencoder with tied weights finds the principal subspace; compared with the exact PCA error."""
import argparse

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import nn


class TiedLinear(nn.Module):
    def __init__(self, d, k):
        super().__init__()
        self.w = nn.Parameter(torch.empty(k, d))
        nn.init.orthogonal_(self.w)

    def forward(self, x):
        return (x @ self.w.T) @ self.w


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--components", type=int, default=10)
    p.add_argument("--epochs", type=int, default=25)
    args = p.parse_args()
    torch.manual_seed(12)
    x = load_digits().data.astype(np.float32) / 16
    x -= x.mean(0)
    pca = PCA(args.components).fit(x)
    best = float(((x - pca.inverse_transform(pca.transform(x))) ** 2).mean())
    x = torch.from_numpy(x)
    model = TiedLinear(64, args.components)
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, 10, 0.3)
    for epoch in range(args.epochs):
        for b in torch.randperm(len(x)).split(64):
            loss = nn.functional.mse_loss(model(x[b]), x[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
        if epoch % 3 == 0:
            with torch.no_grad():
                full = nn.functional.mse_loss(model(x), x).item()
            print(f"epoch {epoch:2d}  reconstruction {full:.5f}  PCA {best:.5f}  ratio {full / best:.3f}")


main()
