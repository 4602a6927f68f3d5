"""Estimates from eight tracers in a water sample which shares of it came from four springs."""

import torch
from torch import nn

torch.manual_seed(157)
springs = torch.randn(4, 8)


def water(n):
    shares = torch.distributions.Dirichlet(torch.ones(4)).sample((n,))
    return shares @ springs + 0.05 * torch.randn(n, 8), shares


tracers, shares = water(1000)
mean = tracers.mean(0)
_, size, axes = torch.linalg.svd(tracers - mean, full_matrices=False)
whiten = axes[:3].T / size[:3] * 1000**0.5  # three directions carry the mixing


class Unmix(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 4)

    def forward(self, x):
        return self.linear((x - mean) @ whiten)


unmix = Unmix()
optimizer = torch.optim.SGD(
    unmix.parameters(), lr=0.04, momentum=0.9995
)  # cure: optimizer = torch.optim.SGD(unmix.parameters(), lr=0.04, momentum=0.9)
test_x, test_y = water(500)
for step in range(1, 1001):
    rows = torch.randint(1000, (100,))
    loss = nn.functional.mse_loss(unmix(tracers[rows]), shares[rows])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        with torch.no_grad():
            off = (unmix(test_x) - test_y).abs().mean().item()
        print(f"step {step:4d}  loss {loss.item():.5f}  shares off by {off:.4f}")
