"""Rare defects (3 %) with a focal loss and a threshold chosen on the validation set; judged by average precision."""
import torch
from sklearn.metrics import average_precision_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def parts(n):
    y = (torch.rand(n) < 0.03).float()
    x = torch.randn(n, 10)
    x[:, :3] += 1.4 * y[:, None]
    x[:, 3] += 1.5 * y * x[:, 4].sign()
    return x, y


def focal(z, y, gamma=2.0, alpha=0.9):
    p = torch.where(y == 1, z.sigmoid(), 1 - z.sigmoid())
    w = torch.where(y == 1, alpha, 1 - alpha) * (1 - p) ** gamma
    return (w * nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")).sum() / y.numel()


def main():
    torch.manual_seed(12)
    train, (xv, yv), (xt, yt) = TensorDataset(*parts(10000)), parts(4000), parts(4000)
    net = nn.Sequential(nn.Linear(10, 32), nn.GELU(), nn.Linear(32, 1), nn.Flatten(0))
    nn.init.constant_(net[2].bias, -2.0)
    opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.02)
    for epoch in range(12):
        total = 0.0
        for x, y in DataLoader(train, batch_size=100, shuffle=True):
            opt.zero_grad()
            loss = focal(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item() / 100
        with torch.no_grad():
            z, zt = net(xv), net(xt)
        cuts = torch.linspace(-3, 3, 61)
        f1 = [2 * ((z > c) & (yv == 1)).sum() / ((z > c).sum() + yv.sum()) for c in cuts]
        c = cuts[int(torch.stack(f1).argmax())]
        hit = ((zt > c) & (yt == 1)).sum()
        print(f"epoch {epoch:2d} focal {total:.5f} valid {focal(z, yv).item():.5f} AP {average_precision_score(yv, z):.3f} "
              f"test precision {hit / (zt > c).sum():.2f} recall {hit / yt.sum():.2f}")


main()
