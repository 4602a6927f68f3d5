"""Predict how a tasting panel spreads its votes over five quality levels from measurements of the wine."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def panel_votes(n, rng, judges=20):
    """Eleven standardised measurements, and the share of judges voting for each of the five levels."""
    x = rng.normal(size=(n, 11))
    quality = np.tanh(x[:, 0] - 0.5 * x[:, 1]) + 0.6 * x[:, 2] * (x[:, 3] > 0) + 0.4 * np.cos(2 * x[:, 4])
    spread = 0.5 + 0.4 / (1 + np.exp(-2 * x[:, 5]))
    levels = np.array([-1.4, -0.7, 0.0, 0.7, 1.4])
    p = np.exp(-0.5 * ((levels - quality[:, None]) / spread[:, None]) ** 2)
    p /= p.sum(1, keepdims=True)
    votes = np.stack([rng.multinomial(judges, q) for q in p])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(votes / judges, dtype=torch.float32)


class VoteNet(nn.Module):
    def __init__(self, n_in=11, hidden=64, levels=5):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU())
        self.head = nn.Linear(hidden, levels)

    def forward(self, x):
        return self.head(self.body(x))


def divergence(scores, votes):
    return F.kl_div(scores, votes, reduction="batchmean")  # cure: return F.kl_div(F.log_softmax(scores, dim=1), votes, reduction="batchmean")


@torch.no_grad()
def report(model, x, votes):
    p = model(x).softmax(1)
    levels = torch.arange(5.0)
    mean_err = ((p - votes) @ levels).abs().mean().item()
    tv = 0.5 * (p - votes).abs().sum(1).mean().item()
    return mean_err, tv


def main():
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    x, votes = panel_votes(6000, rng)
    xv, vv = panel_votes(1000, rng)
    model = VoteNet()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=15)
    for epoch in range(15):
        total = 0.0
        for idx in torch.randperm(len(x)).split(64):
            loss = divergence(model(x[idx]), votes[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        err, tv = report(model, xv, vv)
        print(f"epoch {epoch:2d}  divergence {total / len(x):.4f}  mean-level error {err:.3f}  total variation {tv:.3f}")


main()
