"""Denoising autoencoder for digit images with a step schedule."""
import torch
from torch import nn
from torch.optim.lr_scheduler import MultiStepLR
from sklearn.datasets import load_digits


class DAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32))
        self.decoder = nn.Sequential(nn.Linear(32, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Runner:
    def __init__(self, seed=23, epochs=16, lr=0.1, batch=32):
        torch.manual_seed(seed)
        x = torch.tensor(load_digits().data, dtype=torch.float32)
        x = (x - 5) / 6
        x = x[torch.randperm(len(x))]
        self.train_x, self.test_x = x[:1500], x[1500:]
        self.model = DAE()
        self.opt = torch.optim.SGD(self.model.parameters(), lr=lr, momentum=0.9)
        self.sched = MultiStepLR(self.opt, milestones=[11], gamma=10)  # cure: self.sched = MultiStepLR(self.opt, milestones=[11], gamma=0.1)
        self.epochs, self.batch = epochs, batch

    def noisy(self, x):
        return x + 0.4 * torch.randn_like(x)

    def one_epoch(self):
        total = 0.0
        for idx in torch.randperm(len(self.train_x)).split(self.batch):
            x = self.train_x[idx]
            loss = nn.functional.mse_loss(self.model(self.noisy(x)), x)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(self.train_x)

    def run(self):
        for e in range(self.epochs):
            tr = self.one_epoch()
            with torch.no_grad():
                te = nn.functional.mse_loss(self.model(self.noisy(self.test_x)), self.test_x).item()
            print(f"epoch {e}: train {tr:.4f} test {te:.4f}")
            self.sched.step()


Runner().run()
