"""Benign or malignant? A small network that gives one probability per sample (breast cancer data)."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale
from torch import nn, optim

CONFIG = {"hidden": [24, 12], "out": nn.Softmax(dim=1), "lr": 2e-3, "epochs": 20, "batch": 25}  # cure: CONFIG = {"hidden": [24, 12], "out": nn.Sigmoid(), "lr": 2e-3, "epochs": 20, "batch": 25}


def build(n_in, cfg):
    mods = []
    for h in cfg["hidden"]:
        mods += [nn.Linear(n_in, h), nn.LeakyReLU()]
        n_in = h
    return nn.Sequential(*mods, nn.Linear(n_in, 1), cfg["out"])


if __name__ == "__main__":
    torch.manual_seed(170)
    data = load_breast_cancer()
    x = torch.tensor(scale(data.data), dtype=torch.float32)
    y = torch.tensor(data.target, dtype=torch.float32)[:, None]
    perm = torch.randperm(len(y))
    fit_rows, check_rows = perm[:425], perm[425:]
    model = build(30, CONFIG)
    opt = optim.Adam(model.parameters(), lr=CONFIG["lr"], weight_decay=1e-4)
    bce = nn.BCELoss()
    for epoch in range(CONFIG["epochs"]):
        run = 0.0
        for rows in fit_rows[torch.randperm(425)].split(CONFIG["batch"]):
            loss = bce(model(x[rows]), y[rows])
            opt.zero_grad()
            loss.backward()
            opt.step()
            run += loss.item() * len(rows) / 425
        with torch.no_grad():
            p = model(x[check_rows])
            ok = ((p > 0.5) == (y[check_rows] > 0.5)).float().mean()
        print("epoch %2d loss %.4f check loss %.4f accuracy %.3f" % (epoch + 1, run, bce(p, y[check_rows]), ok))
