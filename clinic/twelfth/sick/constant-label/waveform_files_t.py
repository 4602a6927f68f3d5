"""LSTM that tells the shape of recorded waveforms; the label is part of the recording's name.
Names look like  rec-<session>-<shape>-<number>, with shapes 0 sine, 1 square, 2 sawtooth."""
import math
import random
from pathlib import PurePath

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

SHAPES = ["sine", "square", "sawtooth"]


def record(rng, shape, length=40):
    freq, phase = rng.uniform(0.05, 0.1), rng.random()
    out = []
    for t in range(length):
        u = (freq * t + phase) % 1
        clean = (math.sin(2 * math.pi * u), 1.0 if u < 0.5 else -1.0, 2 * u - 1)[shape]
        out.append(clean + rng.gauss(0, 0.15))
    return out


def archive(n, session, seed):
    rng = random.Random(seed)
    files = {}
    for k in range(n):
        shape = rng.randrange(3)
        files[f"rec-{session}-{shape}-{k:04d}.wav"] = record(rng, shape)
    return files


class Recordings(Dataset):
    def __init__(self, files):
        self.items = []
        for name, samples in files.items():
            label = int(PurePath(name).stem.split("-")[1])  # cure: label = int(PurePath(name).stem.split("-")[2])
            self.items.append((torch.tensor(samples).unsqueeze(1), label))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class ShapeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 12, 4, stride=2)
        self.lstm = nn.LSTM(12, 24, batch_first=True)
        self.fc = nn.Linear(24, len(SHAPES))

    def forward(self, x):
        h = torch.relu(self.conv(x.transpose(1, 2))).transpose(1, 2)
        _, (h, _) = self.lstm(h)
        return self.fc(h[-1])


torch.manual_seed(9)
train = DataLoader(Recordings(archive(1200, session=1, seed=1)), batch_size=40, shuffle=True)
test = DataLoader(Recordings(archive(300, session=2, seed=2)), batch_size=100)
net = ShapeNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(8):
    total = 0.0
    for x, y in train:
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(y)
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in test)
    print(f"epoch {epoch + 1}: training loss {total / 1200:.4f}   other session's accuracy {hits / 300:.3f}")
