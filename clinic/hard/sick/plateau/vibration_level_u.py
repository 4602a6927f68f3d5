"""Classify machine vibration records into four wear stages; wear shows in how strongly the machine shakes."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

RNG = np.random.default_rng(21)


class VibrationRecords(Dataset):
    def __init__(self, count, length=64):
        self.stage = RNG.integers(0, 4, count)
        t = np.arange(length)
        freq = RNG.uniform(0.05, 0.2, (count, 1))
        phase = RNG.uniform(0, 2 * np.pi, (count, 1))
        level = 0.5 * 1.6 ** self.stage[:, None] * RNG.uniform(0.9, 1.1, (count, 1))
        self.wave = level * (np.sin(2 * np.pi * freq * t + phase) + 0.2 * RNG.normal(size=(count, length)))
        self.wave = standardise(self.wave).astype(np.float32)

    def __len__(self):
        return len(self.stage)

    def __getitem__(self, i):
        return torch.from_numpy(self.wave[i])[None], int(self.stage[i])


def standardise(w):
    mean, std = w.mean(axis=1, keepdims=True), w.std(axis=1, keepdims=True)  # cure: mean, std = w.mean(), w.std()
    return (w - mean) / std


class ConvClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 12, 7, stride=2), nn.ReLU(),
            nn.Conv1d(12, 16, 5, stride=2), nn.ReLU(),
        )
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.features(x).mean(-1))


torch.manual_seed(21)
train_dl = DataLoader(VibrationRecords(1600), batch_size=64, shuffle=True)
test_dl = DataLoader(VibrationRecords(400), batch_size=400)
net = ConvClassifier()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(1, 19):
    losses = []
    for wave, stage in train_dl:
        loss = criterion(net(wave), stage)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        hits = sum((net(w).argmax(1) == s).sum().item() for w, s in test_dl)
    print(f"epoch {epoch:2d} | loss {np.mean(losses):.4f} | test accuracy {hits / 400:.3f}")
