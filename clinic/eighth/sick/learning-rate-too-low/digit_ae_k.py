"""Convolutional autoencoder for the digits images."""
from dataclasses import dataclass
import torch
from torch import nn
from sklearn.datasets import load_digits


@dataclass
class Options:
    lr: float = 1e-6  # cure: lr: float = 3e-3
    epochs: int = 6
    batch_size: int = 32
    latent: int = 12


class ConvAE(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(),
                                  nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
                                  nn.Flatten(), nn.Linear(128, latent))
        self.up = nn.Sequential(nn.Linear(latent, 128), nn.ReLU(), nn.Unflatten(1, (32, 2, 2)),
                                nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1), nn.ReLU(),
                                nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1))

    def forward(self, x):
        return self.up(self.down(x))


class Trainer:
    def __init__(self, opts):
        torch.manual_seed(0)
        img = torch.tensor(load_digits().images, dtype=torch.float32)[:, None] / 16
        img = img[torch.randperm(len(img))]
        self.train_set, self.val_set, self.opts = img[:1500], img[1500:], opts
        self.model = ConvAE(opts.latent)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=opts.lr)

    def loss(self, x):
        return nn.functional.mse_loss(self.model(x), x)

    def run(self):
        for epoch in range(1, self.opts.epochs + 1):
            total = 0.0
            for b in torch.randperm(1500).split(self.opts.batch_size):
                loss = self.loss(self.train_set[b])
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                total += loss.item() * len(b) / 1500
            with torch.no_grad():
                print(f"epoch {epoch}: train {total:.5f} val {self.loss(self.val_set):.5f}")


Trainer(Options()).run()
