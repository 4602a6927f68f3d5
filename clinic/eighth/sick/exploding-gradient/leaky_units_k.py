"""Continuous-time recurrent network (Euler steps) that tracks a slowly forgetting product of two input channels."""
import torch
from torch import nn

T = 50


def make(n):
    x = torch.randn(n, T, 2)
    w = 0.85 ** torch.arange(T - 1, -1, -1.0)
    y = (x[..., 0] * w).sum(1) + 0.5 * (x[..., 1].abs() * w).sum(1)
    return x, ((y - 2.66) / 2.0)[:, None]


class CTRNN(nn.Module):
    def __init__(self, hidden=48, dt=0.2):
        super().__init__()
        self.inp, self.rec, self.out = nn.Linear(2, hidden), nn.Linear(hidden, hidden, bias=False), nn.Linear(hidden, 1)
        self.dt = dt

    def forward(self, x):
        h = x.new_zeros(len(x), self.rec.in_features)
        for t in range(x.shape[1]):
            drive = torch.relu(self.rec(h) + self.inp(x[:, t]))
            h = h + drive  # cure: h = h + self.dt * (drive - h)
        return self.out(h)


torch.manual_seed(0)
net = CTRNN()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
xv, yv = make(500)
for step in range(1, 301):
    x, y = make(64)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 30 == 0:
        with torch.no_grad():
            val = nn.functional.mse_loss(net(xv), yv)
        print(f"step {step} loss {loss.item():.4g} valid {val:.4g}")
