"""Autoencoder with a 10-number bottleneck for the 8x8 digit images."""
import argparse
import torch
from sklearn.datasets import load_digits
from torch import nn


def get_args():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--lr", type=float, default=1e-4)  # cure: p.add_argument("--lr", type=float, default=0.3)
    p.add_argument("--momentum", type=float, default=0.9)
    p.add_argument("--epochs", type=int, default=25)
    p.add_argument("--code", type=int, default=10)
    return p.parse_args()


def build(code):
    enc = nn.Sequential(nn.Linear(64, 64), nn.LeakyReLU(), nn.Linear(64, code))
    dec = nn.Sequential(nn.Linear(code, 64), nn.LeakyReLU(), nn.Linear(64, 64))
    return nn.Sequential(enc, dec)


def main():
    args = get_args()
    torch.manual_seed(23)
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1
    x = x - x.mean(0)
    x = x[torch.randperm(len(x))]
    train, valid = x[:1400], x[1400:]
    net = build(args.code)
    opt = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=args.momentum)
    mse = nn.MSELoss()
    print(f"predicting the mean image: {valid.pow(2).mean().item():.4f}")
    for epoch in range(args.epochs):
        for batch in train[torch.randperm(len(train))].split(50):
            opt.zero_grad()
            loss = mse(net(batch), batch)
            loss.backward()
            opt.step()
        if (epoch + 1) % 5 == 0:
            with torch.no_grad():
                print(f"epoch {epoch + 1}: train {mse(net(train), train).item():.4f} valid {mse(net(valid), valid).item():.4f}")


main()
