"""Identify a slow linear filter from its input and output with a diagonal state-space layer."""
import torch
from torch import nn

LENGTH = 200


class DiagonalSSM(nn.Module):
    def __init__(self, states=16):
        super().__init__()
        self.pole = nn.Parameter(torch.empty(states).uniform_(0.90, 1.12))  # cure: self.pole = nn.Parameter(torch.empty(states).uniform_(0.90, 0.99))
        self.inp = nn.Parameter(torch.randn(states) * 0.1)
        self.out = nn.Parameter(torch.randn(states) * 0.1)

    def forward(self, u):
        h = torch.zeros(u.size(0), len(self.pole))
        ys = []
        for t in range(u.size(1)):
            h = self.pole * h + self.inp * u[:, t, None]
            ys.append(h @ self.out)
        return torch.stack(ys, 1)


@torch.no_grad()
def true_filter(u):
    a = b = torch.zeros(u.size(0))
    ys = []
    for t in range(u.size(1)):
        a = 0.97 * a + 0.2 * u[:, t]
        b = 0.80 * b - 0.3 * u[:, t]
        ys.append(a + b)
    return torch.stack(ys, 1)


class Trainer:
    def __init__(self, model, lr=5e-3):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.valid = torch.randn(64, LENGTH)
        self.valid_y = true_filter(self.valid)

    def step(self, batch=16):
        u = torch.randn(batch, LENGTH)
        loss = nn.functional.mse_loss(self.model(u), true_filter(u))
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        return loss.item()

    def run(self, steps=160, every=20):
        print(f"power of the signal {self.valid_y.pow(2).mean():.4f}")
        for it in range(1, steps + 1):
            loss = self.step()
            if it % every == 0:
                with torch.no_grad():
                    v = nn.functional.mse_loss(self.model(self.valid), self.valid_y).item()
                print(f"it {it}  train {loss:.5g}  valid {v:.5g}")


torch.manual_seed(4)
Trainer(DiagonalSSM()).run()
