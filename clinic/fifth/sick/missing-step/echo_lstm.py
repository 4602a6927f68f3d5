"""LSTM that returns an input signal delayed by a few steps and squared."""
import torch
from torch import nn

DELAY = 4


class Echo(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.cell = nn.LSTM(1, hidden, batch_first=True)
        self.proj = nn.Linear(hidden, 1)

    def forward(self, u):
        return self.proj(self.cell(u)[0])


def batch(n, length=30):
    u = torch.randn(n, length, 1)
    y = torch.zeros_like(u)
    y[:, DELAY:] = u[:, :-DELAY].pow(2) - 1
    return u, y / 1.4


class Trainer:
    def __init__(self, steps=700, lr=1e-2):
        self.steps = steps
        self.model = Echo()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=lr)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, steps, eta_min=lr / 20)
        self.valid = batch(200)

    def loss(self, u, y):
        return nn.functional.mse_loss(self.model(u)[:, DELAY:], y[:, DELAY:])

    def advance(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        # cure: self.optimizer.step()
        self.scheduler.step()

    def fit(self):
        mean = 0.0
        for step in range(1, self.steps + 1):
            loss = self.loss(*batch(32))
            self.advance(loss)
            mean += loss.item()
            if step % 70 == 0:
                with torch.no_grad():
                    v = self.loss(*self.valid).item()
                lr = self.scheduler.get_last_lr()[0]
                print(f"step {step:4d}  lr {lr:.5f}  train {mean / 70:.4f}  valid {v:.4f}")
                mean = 0.0


torch.manual_seed(0)
Trainer().fit()
