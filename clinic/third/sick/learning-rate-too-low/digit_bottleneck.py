"""Autoencoder for the 8x8 digits, twelve numbers in the middle."""

import torch
from sklearn.datasets import load_digits
from torch import nn, optim
from torch.utils.data import DataLoader


class Autoencoder(nn.Module):
    def __init__(self, code=12):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ELU(), nn.Linear(96, code))
        self.decoder = nn.Sequential(nn.Linear(code, 96), nn.ELU(), nn.Linear(96, 64), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Trainer:
    def __init__(self, model, train, valid, lr):
        self.model, self.train, self.valid = model, train, valid
        self.optimizer = optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.BCELoss()

    def epoch(self):
        self.model.train()
        total = 0.0
        for x in self.train:
            self.optimizer.zero_grad()
            loss = self.loss(self.model(x), x)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train)

    @torch.no_grad()
    def check(self):
        self.model.eval()
        return self.loss(self.model(self.valid), self.valid).item()


if __name__ == "__main__":
    torch.manual_seed(0)
    images = torch.tensor(load_digits().data / 16, dtype=torch.float32)
    images = images[torch.randperm(len(images))]
    loader = DataLoader(images[:1500], batch_size=30, shuffle=True)
    trainer = Trainer(
        Autoencoder(), loader, images[1500:], lr=3e-7
    )  # cure: trainer = Trainer(Autoencoder(), loader, images[1500:], lr=2e-3)
    for epoch in range(20):
        train = trainer.epoch()
        if epoch % 2 == 1:
            print(f"epoch {epoch + 1:2d}  train {train:.4f}  valid {trainer.check():.4f}")
