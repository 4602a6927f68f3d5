"""Heartbeat classification (normal, early, wide) with a GRU on short beat traces."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CLASSES = ["normal", "early", "wide"]


def beats(n, rng, length=20):
    kind = rng.choice(3, n, p=[0.95, 0.025, 0.025])
    t = np.arange(length)[None]
    centre = 10 + 1.6 * rng.normal(size=(n, 1)) - 3.6 * (kind == 1)[:, None]
    width = 1.5 + 0.4 * rng.normal(size=(n, 1)) + 1.1 * (kind == 2)[:, None]
    x = np.exp(-((t - centre) / np.clip(width, 0.5, None)) ** 2) + rng.normal(0, 0.25, (n, length))
    return torch.tensor((x - 0.15) / 0.38, dtype=torch.float32).unsqueeze(-1), torch.tensor(kind)


class BeatNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, batch_first=True)
        self.head = nn.Linear(24, len(CLASSES))

    def forward(self, x):
        return self.head(self.rnn(x)[1][-1])


class Trainer:
    def __init__(self):
        torch.manual_seed(14)
        rng = np.random.default_rng(14)
        self.train_set, self.valid = TensorDataset(*beats(3000, rng)), beats(2000, rng)
        self.model = BeatNet()
        counts = torch.bincount(self.train_set.tensors[1], minlength=3).float()
        print("beats per class:", dict(zip(CLASSES, counts.int().tolist())))
        self.criterion = nn.CrossEntropyLoss()  # cure: self.criterion = nn.CrossEntropyLoss(weight=counts.sum() / (3 * counts))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=2e-3)

    def fit(self, epochs=12):
        for epoch in range(epochs):
            for x, y in DataLoader(self.train_set, batch_size=50, shuffle=True):
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                loss.backward()
                self.optimizer.step()
            self.report(epoch)

    @torch.no_grad()
    def report(self, epoch):
        x, y = self.valid
        pred = self.model(x).argmax(1)
        recall = [(pred[y == c] == c).float().mean().item() for c in range(3)]
        print(f"epoch {epoch} acc {(pred == y).float().mean():.3f} macro recall {np.mean(recall):.3f} "
              + " ".join(f"{n}={r:.2f}" for n, r in zip(CLASSES, recall)))


Trainer().fit()
