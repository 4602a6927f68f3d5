"""Grade weld images: sound, pore, crack or undercut. A production line delivers mostly sound ones."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

NAMES = ["sound", "pore", "crack", "undercut"]


def weld(kind, g):
    img = 0.75 * g.normal(size=(14, 14))
    img += np.exp(-((np.arange(14) - 6.5) / 3) ** 2)[:, None]
    r, c = g.integers(3, 10, 2)
    if kind == 1:
        img[r:r + 3, c:c + 3] -= 1.3
    elif kind == 2:
        for k in range(6):
            img[min(r + k // 2, 13), (c - 3 + k) % 14] -= 2.0
    elif kind == 3:
        img[2:4, c - 3:c + 4] -= 1.0
    return img


def line(n, seed, mix):
    g = np.random.default_rng(seed)
    k = g.choice(4, n, p=mix)
    x = np.stack([weld(i, g) for i in k])[:, None]
    return torch.tensor((x - 0.32) / 0.85, dtype=torch.float32), torch.tensor(k)


class Grader(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                               nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(2))
        self.h = nn.Linear(96, 4)

    def forward(self, x):
        return self.h(F.dropout(self.f(x).flatten(1), 0.3, self.training))


def main():
    torch.manual_seed(19)
    x, y = line(3000, 5, [0.94, 0.02, 0.02, 0.02])
    xv, yv = line(800, 6, [0.25] * 4)
    freq = torch.bincount(y, minlength=4).float()
    sampler = WeightedRandomSampler(torch.ones(len(y)), len(y))  # cure: sampler = WeightedRandomSampler(1 / freq[y], len(y))
    loader = DataLoader(TensorDataset(x, y), batch_size=60, sampler=sampler)
    net = Grader()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    print("in training:", dict(zip(NAMES, freq.int().tolist())))
    for epoch in range(6):
        net.train()
        tot = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = F.cross_entropy(net(xb), yb)
            loss.backward()
            opt.step()
            tot += loss.item()
        net.eval()
        with torch.no_grad():
            p = net(xv).argmax(1)
        rec = [(p[yv == k] == k).float().mean().item() for k in range(4)]
        print(f"epoch {epoch}: loss {tot / len(loader):.4f} recall " + " ".join(f"{n} {r:.2f}" for n, r in zip(NAMES, rec))
              + f" mean {np.mean(rec):.3f}")


main()
