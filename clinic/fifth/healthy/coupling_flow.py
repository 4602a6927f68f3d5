"""Normalising flow (affine couplings) for the two-moons density, fitted by maximum likelihood."""
import math
import torch
from sklearn.datasets import make_moons
from torch import nn


class Coupling(nn.Module):
    def __init__(self, flip, width=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2))
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
    def __init__(self, layers=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(layers))

    def log_prob(self, x):
        logdet = 0.0
        for layer in self.layers:
            x, ld = layer(x)
            logdet = logdet + ld
        return logdet - 0.5 * x.pow(2).sum(1) - math.log(2 * math.pi)


def moons(n, seed):
    pts, _ = make_moons(n, noise=0.03, random_state=seed)
    return 0.4 * torch.tensor((pts - [0.5, 0.25]) / [0.87, 0.5], dtype=torch.float32)


def main():
    torch.manual_seed(0)
    train, valid = moons(4000, 0), moons(1000, 1)
    flow = Flow()
    opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
    epochs = 14
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs, eta_min=1e-4)
    for epoch in range(1, epochs + 1):
        flow.train()
        total = 0.0
        for idx in torch.randperm(len(train)).split(100):
            loss = -flow.log_prob(train[idx]).mean()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            opt.step()
            total += loss.item() / 40
        sched.step()
        with torch.no_grad():
            v = -flow.log_prob(valid).mean().item()
        print(f"epoch {epoch:2d}  nll {total:+.4f}  valid {v:+.4f}")


if __name__ == "__main__":
    main()
