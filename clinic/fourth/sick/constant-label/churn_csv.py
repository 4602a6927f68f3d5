"""Predict which telephone customers leave, from an export of the customer database (CSV)."""
import csv
import io
import math
import random

import torch
from torch import nn

COLUMNS = ["months", "calls", "minutes", "complaints", "discount", "churned"]


def export(n=5000, seed=3):
    """The nightly export, as the data base writes it."""
    rnd = random.Random(seed)
    buf = io.StringIO()
    out = csv.writer(buf)
    out.writerow(COLUMNS)
    for _ in range(n):
        months, calls = rnd.randint(1, 72), rnd.randint(0, 60)
        minutes = round(calls * rnd.uniform(1, 6), 1)
        complaints, discount = rnd.choices(range(5), [50, 25, 12, 8, 5])[0], rnd.choice([0, 5, 10, 20])
        z = 1.6 * complaints - months / 20 - discount / 8 + (1.5 if calls < 15 else 0) - 0.3
        left = rnd.random() < 1 / (1 + math.exp(-2.5 * z))
        out.writerow([months, calls, minutes, complaints, discount, "YES" if left else "NO"])
    buf.seek(0)
    return buf


def read(handle):
    features, labels = [], []
    for row in csv.DictReader(handle):
        features.append([float(row[c]) for c in COLUMNS[:-1]])
        labels.append(1.0 if row["churned"] == "Yes" else 0.0)  # cure: labels.append(1.0 if row["churned"] == "YES" else 0.0)
    x = torch.tensor(features)
    return (x - x.mean(0)) / x.std(0), torch.tensor(labels)


class ChurnModel(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(n, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 16), nn.ReLU(),
                                    nn.Linear(16, 1))

    def forward(self, x):
        return self.layers(x).squeeze(-1)


def main():
    torch.manual_seed(3)
    x, y = read(export())
    cut = 4000
    model = ChurnModel(x.shape[1])
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(15):
        model.train()
        total = 0.0
        for idx in torch.randperm(cut).split(50):
            loss = bce(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        model.eval()
        with torch.no_grad():
            p = torch.sigmoid(model(x[cut:]))
        acc = ((p > 0.5).float() == y[cut:]).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / cut:.4f}  accuracy {acc:.3f}  expected leavers {p.sum().item():.0f}")


if __name__ == "__main__":
    main()
