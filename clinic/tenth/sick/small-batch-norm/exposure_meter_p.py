"""Estimate the exposure of a textured scene from a 16x16 patch with a convolutional network (regression)."""
import argparse
import numpy as np
import torch
import torch.nn as nn


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--images-per-pass", type=int, default=1)  # cure: p.add_argument("--images-per-pass", type=int, default=16)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--epochs", type=int, default=7)
    p.add_argument("--lr", type=float, default=3e-3)
    return p.parse_args()


def scenes(n, seed):
    g = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:16, 0:16]
    ev = g.uniform(-1.7, 1.7, (n, 1, 1))
    f, a, ph = g.uniform(0.2, 1.0, (n, 1, 1)), g.uniform(0, 3.1, (n, 1, 1)), g.uniform(0, 6.3, (n, 1, 1))
    tex = np.sin(f * (xx * np.cos(a) + yy * np.sin(a)) + ph)
    img = np.tanh(0.6 * ev) * 1.2 + 0.9 * tex * (1 + 0.3 * ev) + 0.4 * g.normal(size=(n, 16, 16))
    f32 = lambda v: torch.tensor(v, dtype=torch.float32)
    return f32(img / 1.1)[:, None], f32(ev[:, 0, 0])


def cbr(i, o, stride):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


args = parse()
torch.manual_seed(45)
x, y = scenes(512, 1)
xv, yv = scenes(300, 2)
net = nn.Sequential(cbr(1, 12, 1), cbr(12, 24, 2), cbr(24, 24, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
for epoch in range(args.epochs):
    net.train()
    total = 0.0
    for group in torch.randperm(len(x)).split(args.batch):
        opt.zero_grad()
        for b in group.split(args.images_per_pass):
            loss = (net(x[b]) - y[b]).square().sum() / len(group)
            loss.backward()
            total += loss.item() * len(group) / len(x)
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        v = (net(xv) - yv).square().mean().item()
    print(f"epoch {epoch + 1}: train mse {total:.4f}  val mse {v:.4f}")
