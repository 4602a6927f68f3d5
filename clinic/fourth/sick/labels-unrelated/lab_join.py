"""Predict the purity of a chemical batch from process sensors; sensor log and laboratory results are joined by batch id."""
import random

import torch
from torch import nn


def sensor_log(ids, rnd):
    """One record per batch, in the order in which the reactors finished."""
    log = {}
    for i in ids:
        log[i] = [rnd.gauss(0, 1) for _ in range(8)]
    order = list(ids)
    rnd.shuffle(order)
    return [(i, log[i]) for i in order]


def lab_results(log, rnd):
    """Purities, sorted by batch id as the laboratory reports them."""
    rows = []
    for i, s in log:
        temp, ph, stir, feed = s[:4]
        purity = 1.2 * temp - 0.8 * temp * ph + max(0.0, stir) + 0.7 * feed ** 2 + rnd.gauss(0, 0.15)
        rows.append((i, purity))
    return sorted(rows)


def join(log, lab):
    purity = dict(lab)
    x = torch.tensor([s for _, s in log])
    y = torch.tensor([purity[i] for i in sorted(purity)])  # cure: y = torch.tensor([purity[i] for i, _ in log])
    return x, (y - y.mean()) / y.std()


class PurityNet(nn.Module):
    def __init__(self, n_in=8, width=32):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(n_in, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.mean = nn.Linear(width, 1)

    def forward(self, x):
        return self.mean(self.f(x)).squeeze(1)


def main():
    rnd = random.Random(31)
    torch.manual_seed(31)
    log = sensor_log(range(100000, 108000), rnd)
    x, y = join(log, lab_results(log, rnd))
    n_train = 6500
    model = PurityNet()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    for epoch in range(14):
        total = 0.0
        for idx in torch.randperm(n_train).split(64):
            loss = nn.functional.huber_loss(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            pred, true = model(x[n_train:]), y[n_train:]
            valid = nn.functional.huber_loss(pred, true).item()
            r = torch.corrcoef(torch.stack([pred, true]))[0, 1].item()
        print(f"epoch {epoch:2d}  huber {total / n_train:.4f}  valid {valid:.4f}  correlation {r:.3f}")


if __name__ == "__main__":
    main()
