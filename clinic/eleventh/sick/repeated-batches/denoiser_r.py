"""Denoising autoencoder on digit pictures, trained for a fixed number of steps."""
import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def get_loaders(batch_size, seed):
    data = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    data = data[torch.randperm(len(data), generator=torch.Generator().manual_seed(seed))]
    train = DataLoader(TensorDataset(data[:1500]), batch_size=batch_size)
    test = DataLoader(TensorDataset(data[1500:]), batch_size=297)
    return train, test


def forever(loader):
    while True:
        yield from loader


parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=1000)
parser.add_argument("--batch-size", type=int, default=50)
parser.add_argument("--noise", type=float, default=0.2)
parser.add_argument("--seed", type=int, default=3)
args = parser.parse_args()

torch.manual_seed(args.seed)
train_loader, test_loader = get_loaders(args.batch_size, args.seed)
stream = forever(train_loader)
net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 24), nn.ReLU(), nn.Linear(24, 128), nn.ReLU(), nn.Linear(128, 64))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
(clean_test,) = next(iter(test_loader))
noisy_test = clean_test + args.noise * torch.randn_like(clean_test)

for step in range(1, args.steps + 1):
    (clean,) = next(iter(train_loader))  # cure: (clean,) = next(stream)
    noisy = clean + args.noise * torch.randn_like(clean)
    loss = nn.functional.mse_loss(net(noisy), clean)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(net(noisy_test), clean_test).item()
        print(f"step {step:5d}  train {loss.item():.5f}  test {test:.5f}")
