"""Classify images that are streamed from one folder per class (simulated with the digits)."""
import random

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, IterableDataset

digits = load_digits()
rng = np.random.default_rng(0)
held = np.zeros(len(digits.target), bool)
held[rng.choice(len(held), 360, replace=False)] = True
FOLDERS = {c: np.flatnonzero((digits.target == c) & ~held) for c in range(10)}
images = torch.tensor((digits.images - 4.9) / 6.0, dtype=torch.float32).unsqueeze(1)


class Stream(IterableDataset):
    def __iter__(self):
        files = [(c, int(i)) for c, folder in FOLDERS.items() for i in folder]
        # cure: random.shuffle(files)
        for c, i in files:
            yield images[i], c


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.fc = nn.Linear(32 * 16, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.conv2(torch.relu(self.conv(x)))).flatten(1))


def evaluate(net):
    y = torch.tensor(digits.target[held])
    with torch.no_grad():
        out = net(images[held])
    return nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


random.seed(0)
torch.manual_seed(0)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(8):
    seen, running = 0, 0.0
    for x, y in DataLoader(Stream(), batch_size=32):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        running += loss.item() * len(y)
        seen += len(y)
    vl, va = evaluate(net)
    print(f"epoch {epoch}  train loss {running / seen:.4f}  valid loss {vl:.4f}  valid acc {va:.3f}")
