"""Sorts the wines of three growers by their chemical analysis."""

import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

settings = {
    "width": 24,
    "norm_momentum": 0.00001,
    "lr": 0.01,
    "epochs": 30,
    "batch": 24,
}  # cure: settings = {"width": 24, "norm_momentum": 0.1, "lr": 0.01, "epochs": 30, "batch": 24}


def build(width, norm_momentum):
    layers, inputs = [], 13
    for _ in range(5):
        layers += [
            nn.Linear(inputs, width, bias=False),
            nn.BatchNorm1d(width, momentum=norm_momentum),
            nn.ReLU(),
            nn.Dropout(0.1),
        ]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(width, 3))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    model.train()
    return nn.functional.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


def run():
    torch.manual_seed(19)
    data = load_wine()
    order = torch.randperm(178)
    x = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)[order]
    y = torch.tensor(data.target)[order]
    train, test = slice(0, 120), slice(120, 178)
    model = build(settings["width"], settings["norm_momentum"])
    optimizer = torch.optim.SGD(model.parameters(), lr=settings["lr"], momentum=0.9, weight_decay=5e-3)
    for epoch in range(1, settings["epochs"] + 1):
        for rows in torch.randperm(120).split(settings["batch"]):
            loss = nn.functional.cross_entropy(model(x[train][rows]), y[train][rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % 3 == 0:
            seen, unseen = evaluate(model, x[train], y[train]), evaluate(model, x[test], y[test])
            print(
                f"{epoch:3d}  batch {loss.item():.3f}  train {seen[0]:.3f} ({seen[1]:.2f})  test {unseen[0]:.3f} ({unseen[1]:.2f})"
            )


run()
