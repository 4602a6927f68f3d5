"""Noisy-label regression with a pull towards a running mean of the weights (a self-anchoring penalty)."""
import time
import torch
from torch import nn

torch.manual_seed(44)


def data(n, noise):
    x = torch.randn(n, 5)
    y = torch.tanh(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 - x[:, 2] * (x[:, 3] > 0)
    return x, ((y - 0.5) / 1.3 + noise * torch.randn(n)).unsqueeze(1)


class Anchor:
    def __init__(self, net, keep=0.95):
        self.keep = keep
        self.mean = [p.detach().clone() for p in net.parameters()]

    def penalty(self, net):
        return sum(((p - m) ** 2).sum() for p, m in zip(net.parameters(), self.mean))

    def move(self, net):
        pairs = zip(self.mean, net.parameters())
        self.mean = [m.lerp(p, 1 - self.keep) for m, p in pairs]  # cure: self.mean = [m.lerp(p.detach(), 1 - self.keep) for m, p in pairs]


x, y = data(2000, 0.3)
xv, yv = data(600, 0.0)
net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
anchor = Anchor(net)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(8):
    start, fit = time.perf_counter(), 0.0
    for b in torch.randperm(len(x)).split(50):
        loss = nn.functional.mse_loss(net(x[b]), y[b])
        fit += loss.item() / 40
        opt.zero_grad()
        (loss + 0.01 * anchor.penalty(net)).backward()
        opt.step()
        anchor.move(net)
    took = time.perf_counter() - start
    with torch.no_grad():
        v = nn.functional.mse_loss(net(xv), yv).item()
    print(f"epoch {epoch:2d}  fit {fit:.4f}  clean valid {v:.4f}  {1000 * took / 40:.1f} ms per step")
