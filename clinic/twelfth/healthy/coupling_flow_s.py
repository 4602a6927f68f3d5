"""A normalising flow (affine couplings) for a narrow two-moon density; the log-likelihood is in nats."""
import math

import torch
import torch.nn as nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip, hidden=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 2))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=8):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(k % 2 == 1) for k in range(depth))

    def log_prob(self, x):
        total = torch.zeros(len(x))
        for step in self.steps:
            x, logdet = step(x)
            total = total + logdet
        return total - 0.5 * x.pow(2).sum(1) - math.log(2 * math.pi)


def main():
    torch.manual_seed(0)
    data, _ = make_moons(3000, noise=0.02, random_state=0)
    data = torch.tensor((data - data.mean(0)) / 4, dtype=torch.float32)  # a unit is two metres
    train, test = data[:2400], data[2400:]
    flow = Flow()
    opt = torch.optim.Adam(flow.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 24, eta_min=1e-4)
    for epoch in range(24):
        total = 0.0
        for idx in torch.randperm(2400).split(120):
            loss = -flow.log_prob(train[idx]).mean()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            opt.step()
            total += loss.item() / 20
        sched.step()
        if epoch % 2:
            with torch.no_grad():
                print(f"epoch {epoch + 1}: negative log-likelihood train {total:.3f} test {-flow.log_prob(test).mean():.3f}")


main()
