"""Recognise drawn shapes (square, cross, ring, stripes) in 12x12 images, read folder by folder."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SHAPES = ["square", "cross", "ring", "stripes"]


def draw(name, rng):
    img = 0.25 * rng.standard_normal((12, 12))
    r, c, s = rng.integers(0, 5), rng.integers(0, 5), rng.integers(5, 8)
    v = rng.uniform(0.6, 1.0)
    if name == "square":
        img[r:r + s, c:c + s] += v
    elif name == "cross":
        img[r + s // 2, c:c + s] += v
        img[r:r + s, c + s // 2] += v
    elif name == "ring":
        img[r:r + s, c:c + s] += v
        img[r + 1:r + s - 1, c + 1:c + s - 1] -= v
    else:
        img[r:r + s:2, c:c + s] += v
    return img


def read_folders(per_class, rng):
    images, labels = [], []
    for k, name in enumerate(SHAPES):
        for _ in range(per_class):
            images.append(draw(name, rng))
            labels.append(k)
    return TensorDataset(torch.tensor(np.array(images), dtype=torch.float32)[:, None], torch.tensor(labels))


def build():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 9, 4))


def main():
    torch.manual_seed(19)
    rng = np.random.default_rng(19)
    train = DataLoader(read_folders(300, rng), batch_size=30)  # cure: train = DataLoader(read_folders(300, rng), batch_size=30, shuffle=True)
    test = DataLoader(read_folders(60, rng), batch_size=240)
    net = build()
    opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
    ce = nn.CrossEntropyLoss()
    for epoch in range(10):
        losses = []
        for x, y in train:
            loss = ce(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            x, y = next(iter(test))
            out = net(x)
        print(f"epoch {epoch}: train {np.mean(losses):.3f} test {ce(out, y).item():.3f} acc {(out.argmax(1) == y).float().mean().item():.3f}")


main()
