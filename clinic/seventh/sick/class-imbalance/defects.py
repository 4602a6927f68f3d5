"""Surface inspection: sort 10x10 patches into fine, scratch or dent with a small ConvNet."""
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler


@dataclass
class Options:
    counts: list = field(default_factory=lambda: [3840, 80, 80])
    batch: int = 64
    epochs: int = 4
    lr: float = 3e-3


def patches(counts):
    xs, ys = [], []
    for k, n in enumerate(counts):
        img = torch.randn(n, 1, 10, 10)
        for i in range(n):
            r, c = torch.randint(1, 6, (2,)).tolist()
            if k == 1:
                img[i, 0, r, c:c + 4] += 2.0
            elif k == 2:
                img[i, 0, r:r + 3, c:c + 3] -= 1.2
        xs.append(img)
        ys.append(torch.full((n,), k))
    return TensorDataset(torch.cat(xs), torch.cat(ys))


class Inspector(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 4), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.AdaptiveMaxPool2d(1))
        self.classify = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))

    def forward(self, x):
        return self.classify(self.features(x))


def per_class(model, data):
    x, y = data.tensors
    with torch.no_grad():
        guess = model(x).argmax(1)
    return [(guess[y == k] == k).float().mean().item() for k in range(3)]


def main(o=Options()):
    torch.manual_seed(31)
    data, check = patches(o.counts), patches([200, 200, 200])
    share = torch.bincount(data.tensors[1]).float()
    sampler = WeightedRandomSampler((1 / share)[data.tensors[1]], len(data))
    loader = DataLoader(data, o.batch, shuffle=True)  # cure: loader = DataLoader(data, o.batch, sampler=sampler)
    model = Inspector()
    opt = torch.optim.Adam(model.parameters(), lr=o.lr)
    for epoch in range(o.epochs):
        mean = 0.0
        for x, y in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
            mean += loss.item() / len(loader)
        rates = per_class(model, check)
        print(f"epoch {epoch} loss {mean:.4f} recall " + " ".join(f"{r:.2f}" for r in rates) + f" mean {sum(rates) / 3:.3f}")


main()
