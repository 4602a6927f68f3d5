"""Density model of the two moons with a small RealNVP."""
import torch
from torch import nn
from sklearn.datasets import make_moons


class Coupling(nn.Module):
    def __init__(self, flip, hidden=48):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))

    def forward(self, x):
        a, b = (x[:, 1:], x[:, :1]) if self.flip else (x[:, :1], x[:, 1:])
        s, t = self.net(a).chunk(2, 1)
        s = 2 * torch.tanh(s / 2)
        b = b * s.exp() + t
        return torch.cat([b, a] if self.flip else [a, b], 1), s.squeeze(1)


class RealNVP(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.layers = nn.ModuleList(Coupling(k % 2 == 1) for k in range(n))
        self.base = torch.distributions.Normal(0.0, 1.0)

    def log_prob(self, x):
        logdet = 0.0
        for layer in self.layers:
            x, ld = layer(x)
            logdet = logdet + ld
        return self.base.log_prob(x).sum(1) + logdet


torch.manual_seed(4)
data, _ = make_moons(2400, noise=0.07, random_state=4)
data = torch.tensor((data - data.mean(0)) / data.std(0), dtype=torch.float32)
train, test = data[:2000], data[2000:]
flow = RealNVP()
optim = torch.optim.Adam(flow.parameters(), lr=2e-3)
for epoch in range(12):
    acc = 0.0
    for idx in torch.randperm(len(train)).split(100):
        loss = flow.log_prob(train[idx]).mean()  # cure: loss = -flow.log_prob(train[idx]).mean()
        optim.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        optim.step()
        acc += loss.item() * len(idx)
    with torch.no_grad():
        ll = flow.log_prob(test).mean().item()
    print(f"epoch {epoch:2d} objective {acc / len(train):.3f} test log-likelihood {ll:.3f}")
