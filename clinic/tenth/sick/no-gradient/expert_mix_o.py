"""Mixture of linear experts for a piecewise landscape; a gate decides which expert answers where."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Mixture(nn.Module):
    def __init__(self, experts=8):
        super().__init__()
        self.k = experts
        self.gate = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, experts))
        self.experts = nn.Linear(2, experts)

    def weights(self, x):
        score = self.gate(x)
        return F.one_hot(score.argmax(1), self.k).float()  # cure: return score.softmax(1)

    def forward(self, x):
        return (self.weights(x) * self.experts(x)).sum(1)


def landscape(n, gen):
    x = torch.rand(n, 2, generator=gen) * 4 - 2
    ridge = torch.where(x[:, 0] > 0.3, 1.5 * x[:, 1], -1.5 * x[:, 1])
    slope = torch.where(x[:, 1] + x[:, 0] > 0, x[:, 0], -2 * x[:, 0])
    return x, (ridge + slope) / 2


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)

    def epoch(self, x, y, batch=64):
        self.model.train()
        losses = []
        for idx in torch.randperm(len(x)).split(batch):
            self.opt.zero_grad()
            loss = F.mse_loss(self.model(x[idx]), y[idx])
            loss.backward()
            self.opt.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)

    @torch.no_grad()
    def evaluate(self, x, y):
        self.model.eval()
        return F.mse_loss(self.model(x), y).item()


torch.manual_seed(8)
gen = torch.Generator().manual_seed(8)
x, y = landscape(1600, gen)
xv, yv = landscape(500, gen)
trainer = Trainer(Mixture(), 1e-2)
for e in range(30):
    tr = trainer.epoch(x, y)
    if e % 3 == 2:
        print(f"epoch {e + 1}: train {tr:.4f} | valid {trainer.evaluate(xv, yv):.4f}")
