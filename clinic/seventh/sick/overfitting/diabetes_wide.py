"""Diabetes progression after one year, MLP regression."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn

EPOCHS = 100  # cure: EPOCHS = 6
BATCH = 32


def data():
    d = load_diabetes()
    x = d.data / d.data.std(0)
    xt, xv, yt, yv = train_test_split(x, d.target, test_size=0.3, random_state=20)
    m, s = yt.mean(), yt.std()
    f = lambda a: torch.tensor(a, dtype=torch.float32)
    return f(xt), f(xv), f((yt - m) / s)[:, None], f((yv - m) / s)[:, None]


def main():
    torch.manual_seed(20)
    xt, xv, yt, yv = data()
    model = nn.Sequential(nn.Linear(10, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 1))
    opt = torch.optim.Adam(model.parameters(), lr=5e-4)
    for epoch in range(EPOCHS):
        losses = []
        for idx in torch.randperm(len(xt)).split(BATCH):
            loss = nn.functional.mse_loss(model(xt[idx]), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch < 10 or epoch % 10 == 9:
            with torch.no_grad():
                valid = nn.functional.mse_loss(model(xv), yv).item()
            print(f"epoch {epoch + 1:3d}  train {np.mean(losses):.4f}  valid {valid:.4f}  R2 {1 - valid / yv.var().item():.3f}")


main()
