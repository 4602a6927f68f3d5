"""Two moons, near-online training of a batch-normalised MLP."""
import argparse
import torch
from sklearn.datasets import make_moons
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--batch-size", type=int, default=2)  # cure: p.add_argument("--batch-size", type=int, default=32)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--width", type=int, default=32)
    p.add_argument("--seed", type=int, default=0)
    return p.parse_args()


def mlp(width):
    def layer(i, o):
        return nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU())
    return nn.Sequential(layer(2, width), layer(width, width), layer(width, width), nn.Linear(width, 2))


def as_data(n, seed):
    x, y = make_moons(n, noise=0.12, random_state=seed)
    x = (x - [0.5, 0.25]) / [0.87, 0.5]
    return TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y))


if __name__ == "__main__":
    args = get_args()
    torch.manual_seed(args.seed)
    loader = DataLoader(as_data(400, args.seed), batch_size=args.batch_size, shuffle=True, drop_last=True)
    xv, yv = as_data(500, args.seed + 1).tensors
    net = mlp(args.width)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        net.train()
        total = 0.0
        for x, y in loader:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            out = net(xv)
            vl, va = nn.functional.cross_entropy(out, yv).item(), (out.argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch:2d} train {total / len(loader):.4f} valid {vl:.4f} acc {va:.3f}")
