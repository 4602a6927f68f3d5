"""Tell crosses, squares, discs and stripes apart in noisy 12x12 pictures."""
from dataclasses import dataclass
import numpy as np
import torch
from torch import nn


@dataclass
class Config:
    seed: int = 5
    epochs: int = 6
    batch: int = 40
    lr: float = 2e-3
    bn_momentum: float = 0.001  # cure: bn_momentum: float = 0.1


def draw(n, rng, s=12):
    yy, xx = np.mgrid[:s, :s]
    imgs, labs = np.zeros((n, 1, s, s), np.float32), rng.integers(0, 4, n)
    for i, k in enumerate(labs):
        cy, cx, r = rng.integers(3, s - 3), rng.integers(3, s - 3), rng.integers(2, 4)
        dy, dx = yy - cy, xx - cx
        box = (abs(dy) <= r) & (abs(dx) <= r)
        imgs[i, 0] = [box & ((dy == 0) | (dx == 0)), box & ((abs(dy) == r) | (abs(dx) == r)),
                      dy ** 2 + dx ** 2 <= r * r, box & (dy % 2 == 0)][k]
    imgs += rng.normal(0, 0.2, imgs.shape).astype(np.float32)
    return torch.from_numpy((imgs - imgs.mean()) / imgs.std()), torch.from_numpy(labs)


def block(i, o, cfg, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False),
                         nn.BatchNorm2d(o, momentum=cfg.bn_momentum), nn.ReLU())


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    x, y = draw(1600, rng)
    xv, yv = draw(400, rng)
    net = nn.Sequential(block(1, 16, cfg), block(16, 32, cfg, 2), block(32, 32, cfg), block(32, 48, cfg, 2),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(48, 4))
    opt = torch.optim.Adam(net.parameters(), lr=cfg.lr)
    ce = nn.CrossEntropyLoss()
    for ep in range(cfg.epochs):
        net.train()
        seen = right = 0
        for idx in torch.randperm(len(x)).split(cfg.batch):
            out = net(x[idx])
            loss = ce(out, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            right += (out.argmax(1) == y[idx]).sum().item()
            seen += len(idx)
        net.eval()
        with torch.no_grad():
            out = net(xv)
        print(f"epoch {ep}: train acc {right / seen:.3f}, test loss {ce(out, yv).item():.3f}, "
              f"test acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
