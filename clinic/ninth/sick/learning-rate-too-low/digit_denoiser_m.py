"""Convolutional denoiser for the 8x8 digits: adds noise, learns to take it away."""
import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn


def get_args():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--wd", type=float, default=1e-5)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--noise", type=float, default=0.5)
    return p.parse_args()


class Denoiser(nn.Module):
    def __init__(self, ch=16):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, ch, 3, padding=1), nn.SiLU(), nn.Conv2d(ch, ch, 3, padding=1), nn.SiLU(),
                                 nn.Conv2d(ch, 1, 3, padding=1))

    def forward(self, x):
        return self.net(x)


def adamw(model, weight_decay, lr):
    return torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)


args = get_args()
torch.manual_seed(61)
img = torch.tensor(load_digits().images, dtype=torch.float32)[:, None]
img = (img - img.mean()) / img.std()
img = img[torch.randperm(len(img))]
train, valid = img[:1500], img[1500:]
valid_noisy = valid + args.noise * torch.randn_like(valid)
model = Denoiser()
opt = adamw(model, args.lr, args.wd)  # cure: opt = adamw(model, args.wd, args.lr)
for epoch in range(args.epochs):
    total = 0.0
    for xb in train[torch.randperm(1500)].split(50):
        loss = nn.functional.mse_loss(model(xb + args.noise * torch.randn_like(xb)), xb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    with torch.no_grad():
        val = nn.functional.mse_loss(model(valid_noisy), valid)
    print(f"epoch {epoch + 1}: train mse {total:.4f} valid mse {val:.4f} (identity {args.noise ** 2:.3f})")
