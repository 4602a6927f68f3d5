"""Count the parts (0 to 4) on a conveyor image with a batch-normalised CNN; latency is measured after every epoch."""
import time

import torch
from torch import nn


def conveyor(n, gen, size=18):
    axis = torch.arange(size).float()
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    count = torch.randint(0, 5, (n,), generator=gen)
    img = torch.zeros(n, size, size)
    for k in range(4):
        cx, cy = (torch.rand(n, 1, 1, generator=gen) * 7 + 1 + 8 * d for d in (k % 2, k // 2))
        blob = torch.exp(-((xx - cx) ** 2 + (yy - cy) ** 2) / 2.5)
        img += blob * (count > k).view(-1, 1, 1)
    img += 0.1 * torch.randn(n, size, size, generator=gen)
    return ((img - 0.1) / 0.25).unsqueeze(1), count


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        def block(i, o):
            return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
        self.net = nn.Sequential(block(1, 12), nn.MaxPool2d(2), block(12, 24), nn.MaxPool2d(2), block(24, 24))
        self.fc = nn.Linear(24, 5)

    def forward(self, x):
        return self.fc(self.net(x).sum((2, 3)) / 8)


def latency(model, shape, repeats=30):
    """Median milliseconds per call on random input."""
    times = []
    # cure: model.eval()
    with torch.no_grad():
        for _ in range(repeats):
            x = torch.rand(shape)
            start = time.perf_counter()
            model(x)
            times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[repeats // 2]


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(10)
    gen = torch.Generator().manual_seed(10)
    x, y = conveyor(1500, gen)
    xv, yv = conveyor(400, gen)
    model = Counter()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(10):
        model.train()
        total = hits = 0.0
        for idx in torch.randperm(len(x)).split(50):
            out = model(x[idx])
            loss = nn.functional.cross_entropy(out, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
            hits += (out.argmax(1) == y[idx]).sum().item()
        ms = latency(model, (8, 1, 18, 18))
        print(f"epoch {epoch} loss {total / len(x):.3f} train acc {hits / len(x):.3f} "
              f"valid acc {accuracy(model, xv, yv):.3f} ({ms:.2f} ms)")


if __name__ == "__main__":
    main()
