"""Surrogate model of a simulated temperature surface over two design parameters."""
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR


class Simulator:
    """Stand-in for the finite-element code."""

    def __call__(self, p):
        u, v = p[:, 0], p[:, 1]
        t = torch.sin(3.5 * u) * torch.cos(3 * v) + 0.8 * torch.exp(-4 * ((u - .4) ** 2 + (v + .3) ** 2)) - 0.5 * torch.tanh(6 * (u + v))
        return t.unsqueeze(1)


class Surrogate(nn.Module):
    def __init__(self, n_in, n_out, width=None):
        super().__init__()
        width = width or n_in + n_out  # cure: width = width or 32 * n_in
        self.net = nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, n_out))

    def forward(self, p):
        return self.net(p)


def main(epochs=30):
    torch.manual_seed(18)
    sim = Simulator()
    p, pv = 2 * torch.rand(2000, 2) - 1, 2 * torch.rand(500, 2) - 1
    t, tv = sim(p), sim(pv)
    m, s = t.mean(), t.std()
    t, tv = (t - m) / s, (tv - m) / s
    p, pv = p / 0.577, pv / 0.577
    model = Surrogate(2, 1)
    opt = torch.optim.Adam(model.parameters(), lr=8e-3)
    sched = CosineAnnealingLR(opt, epochs, eta_min=8e-4)
    mse = nn.MSELoss()
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(p)).split(50):
            opt.zero_grad()
            loss = mse(model(p[idx]), t[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        with torch.no_grad():
            v = mse(model(pv), tv).item()
        print(f"epoch {epoch + 1:2d}/{epochs}: train mse {total / len(p):.5f}, valid mse {v:.5f}")


if __name__ == "__main__":
    main()
