"""Heat loss of buildings from nine design figures: a residual MLP, batches cut from a permutation."""
import argparse
import numpy as np
import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, d), nn.GELU(), nn.Linear(d, d))

    def forward(self, x):
        return x + self.f(x)


def buildings(n, seed):
    r = np.random.default_rng(seed)
    x = r.uniform(-1.7, 1.7, (n, 9)).astype(np.float32)
    y = x[:, 0] * x[:, 1] + np.abs(x[:, 2]) + 0.6 * x[:, 3] ** 2 + np.sin(2 * x[:, 4]) + 0.5 * x[:, 5] * x[:, 6] - 1.4
    return torch.from_numpy(x), torch.from_numpy((y / 1.5 + 0.1 * r.normal(size=n)).astype(np.float32))


def main(args):
    torch.manual_seed(args.seed)
    x, y = buildings(3200, 1)
    xv, yv = buildings(800, 2)
    net = nn.Sequential(nn.Linear(9, 48), Block(48), Block(48), nn.LayerNorm(48), nn.Linear(48, 1), nn.Flatten(0))
    opt = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=0.02)
    n_batches = len(x) // args.batch
    perm = torch.randperm(len(x))
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.steps)
    for step in range(args.steps):
        if step % n_batches == 0 and step:
            perm = perm[torch.randperm(args.batch)]  # cure: perm = torch.randperm(len(x))
        at = step % max(1, len(perm) // args.batch) * args.batch
        sel = perm[at:at + args.batch]
        loss = nn.functional.mse_loss(net(x[sel]), y[sel])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if step % 100 == 99:
            with torch.no_grad():
                v = nn.functional.mse_loss(net(xv), yv).item()
            print(f"step {step + 1:4d}  batch mse {loss.item():.4f}  val mse {v:.4f}")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--steps", type=int, default=1000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=13)
    main(p.parse_args())
