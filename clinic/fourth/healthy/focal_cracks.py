"""Find rare cracked welds (4 %) from 20 inspection values with the focal loss; a prior sets the first output bias."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.metrics import average_precision_score, balanced_accuracy_score


def inspections(n, rng):
    y = (rng.random(n) < 0.04).astype(np.float32)
    x = rng.normal(size=(n, 20))
    x[:, :4] += 1.4 * y[:, None]
    x[:, 4] *= 1 + 1.5 * y
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def focal(logit, y, alpha=0.96, gamma=1.5):
    ce = F.binary_cross_entropy_with_logits(logit, y, reduction="none")
    p = torch.sigmoid(logit)
    miss = torch.where(y > 0.5, 1 - p, p)
    weight = torch.where(y > 0.5, alpha, 1 - alpha)
    return 10 * (weight * miss ** gamma * ce).mean()


def main():
    torch.manual_seed(16)
    rng = np.random.default_rng(16)
    x, y = inspections(8000, rng)
    xv, yv = inspections(4000, rng)
    net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1))
    nn.init.constant_(net[-1].bias, -math.log(0.96 / 0.04))
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    for epoch in range(12):
        net.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(100):
            loss = focal(net(x[idx]).squeeze(1), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        net.eval()
        with torch.no_grad():
            s = net(xv).squeeze(1)
            v = focal(s, yv).item()
        print(f"epoch {epoch:2d} focal {total / len(x):.4f} valid {v:.4f} "
              f"balanced {balanced_accuracy_score(yv, s > 0):.3f} AP {average_precision_score(yv, s):.3f}")


main()
