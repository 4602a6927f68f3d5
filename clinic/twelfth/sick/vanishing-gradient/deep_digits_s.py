"""Classify scikit-learn's 8x8 digits with a deep multi-layer perceptron."""
from dataclasses import dataclass

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    width: int = 64
    depth: int = 9
    activation: str = "Sigmoid"  # cure: activation: str = "ReLU"
    lr: float = 0.01
    momentum: float = 0.9
    epochs: int = 15
    batch_size: int = 64
    seed: int = 0


def build(cfg, n_in, n_out):
    act = getattr(nn, cfg.activation)
    layers, size = [], n_in
    for _ in range(cfg.depth):
        layers += [nn.Linear(size, cfg.width), act()]
        size = cfg.width
    layers.append(nn.Linear(size, n_out))
    net = nn.Sequential(*layers)
    for m in net:
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)
    return net


def main(cfg):
    torch.manual_seed(cfg.seed)
    digits = load_digits()
    x = torch.tensor(digits.data, dtype=torch.float32)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(digits.target)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, random_state=cfg.seed, stratify=y)
    loader = DataLoader(TensorDataset(xa, ya), batch_size=cfg.batch_size, shuffle=True)
    net = build(cfg, 64, 10)
    opt = torch.optim.SGD(net.parameters(), lr=cfg.lr, momentum=cfg.momentum)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(cfg.epochs):
        total = 0.0
        for xi, yi in loader:
            loss = loss_fn(net(xi), yi)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(xi)
        with torch.no_grad():
            acc = (net(xb).argmax(1) == yb).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / len(xa):.4f}  test accuracy {acc:.3f}")


if __name__ == "__main__":
    main(Config())
