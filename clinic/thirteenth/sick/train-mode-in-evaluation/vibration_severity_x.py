"""Severity of a machine's vibration (three grades) from single records, with a 1-D convolutional network."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def records(n):
    grade = torch.randint(0, 3, (n,))
    t = torch.arange(64.0)
    tone = torch.sin((0.4 + 0.8 * torch.rand(n, 1)) * t + 6.28 * torch.rand(n, 1))
    level = torch.tensor([0.5, 1.0, 1.6])[grade] * (1 + 0.12 * torch.randn(n))
    x = level[:, None] * tone + 0.3 * torch.randn(n, 64)
    return TensorDataset(((x - x.mean()) / x.std()).unsqueeze(1), grade)


class Trainer:
    def __init__(self, train, valid):
        self.train_loader = DataLoader(train, batch_size=50, shuffle=True)
        self.valid_loader = DataLoader(valid, batch_size=1)      # records come in one by one
        self.net = nn.Sequential(
            nn.Conv1d(1, 16, 5, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(16, 24, 5, bias=False), nn.BatchNorm1d(24), nn.ReLU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 3))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=3e-3)
        self.criterion = nn.CrossEntropyLoss()

    def fit_epoch(self):
        self.net.train()
        total = hits = 0.0
        for x, y in self.train_loader:
            out = self.net(x)
            loss = self.criterion(out, y)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(y)
            hits += (out.argmax(1) == y).sum().item()
        n = len(self.train_loader.dataset)
        return total / n, hits / n

    @torch.no_grad()
    def validate(self):
        # cure: self.net.eval()
        total = hits = 0.0
        for x, y in self.valid_loader:
            out = self.net(x)
            total += self.criterion(out, y).item()
            hits += (out.argmax(1) == y).sum().item()
        return total / len(self.valid_loader), hits / len(self.valid_loader)


torch.manual_seed(25)
trainer = Trainer(records(1500), records(400))
for epoch in range(10):
    a, b = trainer.fit_epoch()
    c, d = trainer.validate()
    print(f"epoch {epoch} | train {a:.4f} {b:.3f} | valid {c:.4f} {d:.3f}")
