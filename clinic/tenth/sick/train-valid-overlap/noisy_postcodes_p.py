"""Read digits from grainy scans with a small convolutional network; the last third of the shuffled scans is for validation."""
from dataclasses import dataclass
import torch
import torch.nn as nn
from sklearn.datasets import load_digits


@dataclass
class Split:
    total: int = 700
    valid: int = 230
    late: int = 700


def scans():
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
    x = x + 0.35 * torch.randn(x.shape)
    return (x - x.mean()) / x.std(), torch.tensor(d.target)


def score(net, x, y):
    net.eval()
    with torch.no_grad():
        z = net(x)
    return nn.functional.cross_entropy(z, y).item(), (z.argmax(1) == y).float().mean().item()


def main(cfg=Split()):
    torch.manual_seed(29)
    x, y = scans()
    perm = torch.randperm(len(x))
    pool, late = perm[:cfg.total], perm[cfg.total:cfg.total + cfg.late]
    train_idx, val_idx = pool[:-cfg.valid], pool[:cfg.valid]  # cure: train_idx, val_idx = pool[:-cfg.valid], pool[-cfg.valid:]

    net = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                        nn.Dropout(0.3), nn.Linear(24 * 16, 10))
    opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.05)
    epochs = 20
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
    for epoch in range(epochs):
        net.train()
        total = 0.0
        for b in train_idx[torch.randperm(len(train_idx))].split(32):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x[b]), y[b])
            loss.backward()
            opt.step()
            total += loss.item() * len(b)
        sched.step()
        vl, va = score(net, x[val_idx], y[val_idx])
        _, la = score(net, x[late], y[late])
        print(f"epoch {epoch:2d} train {total / len(train_idx):.3f} | valid {vl:.3f} acc {va:.3f} | scans of the next day acc {la:.3f}")


main()
