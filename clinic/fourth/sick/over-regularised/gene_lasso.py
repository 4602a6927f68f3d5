"""Predict drug response from 60 gene-expression values; an L1 penalty is to pick out the few genes that matter."""
import numpy as np
import torch
from torch import nn


def expression(n, rng, genes=60):
    factors = rng.normal(size=(n, 6))
    loading = np.random.default_rng(1).normal(size=(6, genes)) * 0.5
    x = factors @ loading + rng.normal(0, 0.8, (n, genes))
    response = np.tanh(x[:, 3]) * 1.5 - x[:, 17] + 0.8 * np.maximum(x[:, 29], 0) + rng.normal(0, 0.3, n)
    return x, response


class ResponseNet(nn.Module):
    def __init__(self, genes=60, hidden=32):
        super().__init__()
        self.select = nn.Linear(genes, hidden)
        self.hidden = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.relu(self.select(x))
        return self.out(torch.relu(self.hidden(h))).squeeze(1)

    def penalty(self):
        return sum(p.abs().sum() for p in self.parameters())


class Experiment:
    def __init__(self, strength, seed=6):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        (x, y), (xv, yv) = expression(2500, rng), expression(600, rng)
        norm = lambda a, ref: torch.tensor((a - ref.mean(0)) / ref.std(0), dtype=torch.float32)
        self.x, self.y, self.xv, self.yv = norm(x, x), norm(y, y), norm(xv, x), norm(yv, y)
        self.strength = strength
        self.net = ResponseNet()
        self.opt = torch.optim.Adam(self.net.parameters(), lr=2e-3)

    def epoch(self, batch=50):
        fit = 0.0
        for idx in torch.randperm(len(self.x)).split(batch):
            mse = nn.functional.mse_loss(self.net(self.x[idx]), self.y[idx])
            loss = mse + self.strength * self.net.penalty()
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            fit += mse.item() * len(idx)
        return fit / len(self.x)

    @torch.no_grad()
    def valid(self):
        return 1 - (nn.functional.mse_loss(self.net(self.xv), self.yv) / self.yv.var()).item()


if __name__ == "__main__":
    exp = Experiment(strength=0.1)  # cure: exp = Experiment(strength=0.0005)
    for e in range(30):
        mse = exp.epoch()
        if e % 3 == 2:
            kept = (exp.net.select.weight.abs().amax(0) > 0.02).sum().item()
            print(f"epoch {e + 1:2d}  mse {mse:.4f}  valid R2 {exp.valid():.4f}  genes kept {kept}")
