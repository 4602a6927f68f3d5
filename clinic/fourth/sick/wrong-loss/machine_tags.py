"""Assign maintenance tags to machines from sensor averages; a machine may carry several tags or none."""
import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.metrics import f1_score

TAGS = ["lubricate", "align", "replace belt", "clean filter", "check wiring", "calibrate"]


def machines(n, seed):
    rng = np.random.default_rng(seed)
    mix = np.random.default_rng(0).normal(size=(14, len(TAGS))) / np.sqrt(14)
    x = rng.normal(size=(n, 14))
    z = x @ mix + 0.5 * np.abs(x[:, :6]) - 0.7
    tags = (z + rng.normal(0, 0.15, z.shape) > 0).astype(np.float32)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(tags)


def make_model(width):
    return nn.Sequential(nn.Linear(14, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                         nn.Linear(width, len(TAGS)))


def train_epoch(model, opt, x, t, batch):
    model.train()
    losses = []
    for idx in torch.randperm(len(x)).split(batch):
        opt.zero_grad()
        loss = F.cross_entropy(model(x[idx]), t[idx])  # cure: loss = F.binary_cross_entropy_with_logits(model(x[idx]), t[idx])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return float(np.mean(losses))


@torch.no_grad()
def test(model, x, t):
    model.eval()
    pred = (torch.sigmoid(model(x)) > 0.5).float()
    exact = (pred == t).all(1).float().mean().item()
    return exact, f1_score(t.numpy(), pred.numpy(), average="macro")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--batch", type=int, default=64)
    args = parser.parse_args()
    torch.manual_seed(0)
    x, t = machines(5000, 1)
    xt, tt = machines(1000, 2)
    model = make_model(args.width)
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(args.epochs):
        loss = train_epoch(model, opt, x, t, args.batch)
        exact, f1 = test(model, xt, tt)
        print(f"epoch {epoch + 1:2d}  loss {loss:.4f}  all tags right {exact:.3f}  macro F1 {f1:.3f}")
