"""Unrolled sparse coding: three thresholded iterations infer a non-negative code, a learnt dictionary rebuilds the digit."""
import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn


class UnrolledCoder(nn.Module):
    """h <- relu(W x + S h - theta), repeated; x is rebuilt as D h."""

    def __init__(self, pixels, atoms, iterations, theta):
        super().__init__()
        self.iterations = iterations
        self.analysis = nn.Linear(pixels, atoms, bias=False)
        self.lateral = nn.Linear(atoms, atoms, bias=False)
        self.dictionary = nn.Linear(atoms, pixels)
        self.theta = nn.Parameter(torch.full((atoms,), theta))
        nn.init.normal_(self.analysis.weight, std=pixels**-0.5)
        nn.init.normal_(self.lateral.weight, std=0.3 * atoms**-0.5)

    def forward(self, x):
        drive = self.analysis(x)
        code = torch.relu(drive - self.theta)
        for _ in range(self.iterations - 1):
            code = torch.relu(drive + self.lateral(code) - self.theta)
        return self.dictionary(code), code


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--atoms", type=int, default=96)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--theta", type=float, default=4.5)  # cure: parser.add_argument("--theta", type=float, default=0.1)
    args = parser.parse_args()
    torch.manual_seed(5)
    data = torch.tensor(load_digits().data, dtype=torch.float32)
    data = data[torch.randperm(len(data))]
    data = (data - data[:1400].mean()) / data[:1400].std()
    train, held_out = data[:1400], data[1400:]

    model = UnrolledCoder(64, args.atoms, 3, args.theta)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(args.epochs):
        losses = []
        for batch in train[torch.randperm(len(train))].split(50):
            rebuilt, code = model(batch)
            loss = (rebuilt - batch).square().mean() + 1e-3 * code.abs().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            rebuilt, code = model(held_out)
            error = (rebuilt - held_out).square().mean().item()
        print(f"epoch {epoch:2d}  train {sum(losses) / len(losses):.4f}  held-out error {error:.4f}  mean code {code.mean().item():.4f}")


if __name__ == "__main__":
    main()
