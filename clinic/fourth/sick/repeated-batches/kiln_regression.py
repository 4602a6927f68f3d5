"""Estimate brick quality from kiln settings; batches are drawn with NumPy on the fly."""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn


@dataclass(frozen=True)
class Run:
    steps: int = 3000
    batch_size: int = 48
    lr: float = 1e-3
    report_every: int = 250
    seed: int = 19


class Kiln:
    """Standardised settings (peak temperature, ramp, hold, moisture, clay share, draught) and measured quality."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        s = rng.normal(size=(n, 6)).astype(np.float32)
        q = np.sin(1.5 * s[:, 0]) + s[:, 1] * s[:, 2] * 0.7 - 0.5 * np.maximum(s[:, 3], 0) + 0.4 * s[:, 4] ** 2
        self.settings = s
        self.quality = (q + rng.normal(0, 0.1, n)).astype(np.float32)

    def __len__(self):
        return len(self.quality)


def draw_batch(kiln, run, step):
    rng = np.random.default_rng(run.seed)  # cure: rng = np.random.default_rng(run.seed + step)
    pick = rng.choice(len(kiln), run.batch_size, replace=False)
    return torch.from_numpy(kiln.settings[pick]), torch.from_numpy(kiln.quality[pick])


def build():
    return nn.Sequential(nn.Linear(6, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1), nn.Flatten(0))


def main():
    run = Run()
    torch.manual_seed(run.seed)
    train, check = Kiln(10000, 1), Kiln(1500, 2)
    xc, yc = torch.from_numpy(check.settings), torch.from_numpy(check.quality)
    model = build()
    opt = torch.optim.AdamW(model.parameters(), lr=run.lr, weight_decay=0.01)
    mean = 0.0
    for step in range(1, run.steps + 1):
        x, y = draw_batch(train, run, step)
        loss = nn.functional.mse_loss(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean += loss.item() / run.report_every
        if step % run.report_every == 0:
            with torch.no_grad():
                valid = nn.functional.mse_loss(model(xc), yc).item()
            print(f"step {step:5d}  train {mean:.4f}  check {valid:.4f}")
            mean = 0.0


if __name__ == "__main__":
    main()
