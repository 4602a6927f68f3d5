"""Regress a smooth surface from noisy probe readings; scored against a clean grid."""
import argparse
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--batch-size", type=int, default=1)  # cure: parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--lr", type=float, default=1e-2)
parser.add_argument("--noise", type=float, default=1.0)
args = parser.parse_args()


def surface(p):
    return torch.sin(2 * p[:, :1]) * torch.cos(1.5 * p[:, 1:]) + 0.5 * p[:, :1]


torch.manual_seed(12)
pts = torch.rand(3000, 2) * 4 - 2
obs = surface(pts) + args.noise * torch.randn(3000, 1)
axis = torch.linspace(-2, 2, 30)
grid = torch.cartesian_prod(axis, axis)
truth = surface(grid)

model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
optim = torch.optim.Adam(model.parameters(), lr=args.lr)
loader = DataLoader(TensorDataset(pts, obs), batch_size=args.batch_size, shuffle=True)
for epoch in range(args.epochs):
    total = 0.0
    for p, o in loader:
        loss = nn.functional.mse_loss(model(p), o)
        optim.zero_grad()
        loss.backward()
        optim.step()
        total += loss.item() * len(p)
    with torch.no_grad():
        rmse = nn.functional.mse_loss(model(grid), truth).sqrt()
    print(f"[{epoch + 1}/{args.epochs}] train mse {total / len(pts):.3f} | clean grid rmse {rmse:.4f}")
