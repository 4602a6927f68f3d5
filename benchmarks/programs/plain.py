"""The program that people write: constant Adam 1e-3, ten epochs, then the test set."""

from __future__ import annotations

import argparse
import json

import torch
from mnist import read
from rivals.plain import Images
from rivals.torch_parts import network
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


def prepared(part: str) -> TensorDataset:
    images, labels = read(part)
    return TensorDataset(torch.from_numpy(images).float().div_(255), torch.from_numpy(labels).long())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--data", choices=("images", "tensors"), default="images")
    parser.add_argument("--inputs", choices=("unit", "standard"), default="standard", help="of --data images")
    options = parser.parse_args()

    torch.manual_seed(options.seed)

    def data(part: str) -> Dataset:
        return prepared(part) if options.data == "tensors" else Images(part, options.inputs == "standard")

    model, loss = nn.Sequential(nn.Flatten(), *network()), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
    loader = DataLoader(data("train"), options.batch, shuffle=True)
    for _ in range(options.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()
    with torch.no_grad():
        right = sum(int((model(x).argmax(1) == y).sum()) for x, y in DataLoader(data("t10k"), 1000))
    print(json.dumps({"test_accuracy": right / 10_000}))


if __name__ == "__main__":
    main()
