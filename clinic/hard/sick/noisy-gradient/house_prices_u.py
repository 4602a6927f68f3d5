"""Regress noisy house prices on ten indicators with an MLP, plain SGD over a DataLoader."""
import argparse

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def houses(n, rng):
    x = rng.normal(size=(n, 10))
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + np.abs(x[:, 3]) - 0.8 + 0.6 * x[:, 4]
    return x, y


def tensors(x, y):
    return TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32))


def loaders(args):
    rng = np.random.default_rng(args.seed)
    x, y = houses(args.samples, rng)
    train = tensors(x, y + 1.5 * rng.normal(size=len(y)))
    xt, yt = houses(1000, rng)
    return DataLoader(train, shuffle=True), DataLoader(tensors(xt, yt), batch_size=500)  # cure: return DataLoader(train, shuffle=True, batch_size=args.batch_size), DataLoader(tensors(xt, yt), batch_size=500)


def evaluate(model, loader):
    with torch.no_grad():
        return float(np.mean([nn.functional.mse_loss(model(x), y).item() for x, y in loader]))


def train(args):
    torch.manual_seed(args.seed)
    train_dl, test_dl = loaders(args)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
    opt = torch.optim.SGD(model.parameters(), lr=args.lr)
    feed = iter(train_dl)
    seen = []
    for step in range(1, args.steps + 1):
        batch = next(feed, None)
        if batch is None:
            feed = iter(train_dl)
            batch = next(feed)
        loss = nn.functional.mse_loss(model(batch[0]), batch[1])
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen.append(loss.item())
        if step % 400 == 0:
            print(f"step {step:5d} train {np.mean(seen[-400:]):.4f} clean test {evaluate(model, test_dl):.4f}")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--samples", type=int, default=20000)
    p.add_argument("--batch-size", type=int, default=64)
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--lr", type=float, default=0.01)
    p.add_argument("--seed", type=int, default=1)
    train(p.parse_args())
