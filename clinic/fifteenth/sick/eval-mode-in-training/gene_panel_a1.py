"""Classify samples of a gene panel (few samples, many genes) with a network that relies on dropout."""
import copy

import torch
from sklearn.datasets import make_classification
from torch import nn


class Trainer:
    def __init__(self, model, lr, epochs, batch):
        self.model, self.epochs, self.batch = model, epochs, batch
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.criterion = nn.CrossEntropyLoss()
        self.log = []

    def validate(self, x, y):
        self.model.eval()
        with torch.no_grad():
            out = self.model(x)
        return self.criterion(out, y).item(), (out.argmax(1) == y).float().mean().item()

    def train_epoch(self, x, y):
        # cure: self.model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(self.batch):
            loss = self.criterion(self.model(x[idx]), y[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(x)

    def fit(self, train, valid):
        vl, va = self.validate(*valid)
        print(f"start      valid loss {vl:.4f} acc {va:.3f}")
        for epoch in range(1, self.epochs + 1):
            tl = self.train_epoch(*train)
            vl, va = self.validate(*valid)
            self.log.append((tl, vl, va))
            if epoch % 4 == 0:
                print(f"epoch {epoch:3d}  train loss {tl:.4f}  valid loss {vl:.4f} acc {va:.3f}")


def main():
    torch.manual_seed(13)
    x, y = make_classification(n_samples=1100, n_features=120, n_informative=30, n_redundant=0, n_classes=3,
                               n_clusters_per_class=1, class_sep=1.4, flip_y=0.08, random_state=13)
    x = torch.tensor((x - x.mean(0)) / x.std(0), dtype=torch.float32)
    y = torch.tensor(y)
    train, valid = (x[:400], y[:400]), (x[400:], y[400:])
    net = nn.Sequential(
        nn.Dropout(0.5), nn.Linear(120, 64), nn.ReLU(),
        nn.Dropout(0.6), nn.Linear(64, 32), nn.ReLU(),
        nn.Dropout(0.3), nn.Linear(32, 3))
    initial = copy.deepcopy(net)
    trainer = Trainer(net, lr=1e-3, epochs=60, batch=32)
    trainer.fit(train, valid)
    moved = sum((a - b).norm().item() for a, b in zip(net.parameters(), initial.parameters()))
    print(f"weights moved by {moved:.2f}; last valid loss {trainer.log[-1][1]:.4f}")


if __name__ == "__main__":
    main()
