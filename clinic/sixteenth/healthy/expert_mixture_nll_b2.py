"""Mixture of three experts for a classification problem with two regimes: every expert gives probabilities (softmax), they
are averaged with the gate's weights, and NLLLoss gets the logarithm of the mixture."""
import torch
from torch import nn

torch.manual_seed(29)


class Mixture(nn.Module):
    def __init__(self, features, classes, experts=3):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(features, classes) for _ in range(experts))
        self.gate = nn.Sequential(nn.Linear(features, 16), nn.Tanh(), nn.Linear(16, experts))

    def forward(self, x):
        gate = self.gate(x).softmax(1)
        votes = torch.stack([e(x).softmax(1) for e in self.experts], 1)
        mixed = (gate.unsqueeze(2) * votes).sum(1)
        return mixed.clamp_min(1e-8).log(), gate


def two_regimes(n, a, b):
    x = torch.randn(n, 6)
    scores = torch.where(x[:, :1] > 0, x @ a, x @ b) + 0.3 * torch.randn(n, 4)
    return x, scores.argmax(1)


a, b = torch.randn(6, 4), torch.randn(6, 4)
x, y = two_regimes(4000, a, b)
xv, yv = two_regimes(1000, a, b)
model = Mixture(6, 4)
criterion = nn.NLLLoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-5)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=5, T_mult=2)
for epoch in range(35):
    model.train()
    total = 0.0
    for rows in torch.randperm(len(x)).split(80):
        logp, gate = model(x[rows])
        usage = gate.mean(0)
        loss = criterion(logp, y[rows]) + 0.01 * (usage * usage.log()).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    sched.step()
    model.eval()
    with torch.no_grad():
        logp, gate = model(xv)
    if epoch in (0, 1, 4, 9, 14, 19, 24, 29, 34):
        print(f"epoch {epoch + 1:2d} loss {total:.4f} valid {criterion(logp, yv):.4f} accuracy {(logp.argmax(1) == yv).float().mean():.3f} "
              f"gate {[round(v, 2) for v in gate.mean(0).tolist()]}")
