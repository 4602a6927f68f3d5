"""Where does the hand of a four-jointed arm end up? Regression on the angles of its joints."""

import torch
from torch import nn


def arm(angles):
    total = angles.cumsum(1)
    lengths = torch.tensor([0.4, 0.3, 0.2, 0.1])
    return torch.stack([(lengths * total.cos()).sum(1), (lengths * total.sin()).sum(1)], 1)


def make_network(width=64, depth=4):
    sizes = [4] + [width] * depth
    modules = []
    for a, b in zip(sizes, sizes[1:]):
        linear = nn.Linear(a, b)
        nn.init.normal_(linear.weight, std=0.6)  # cure: nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules, nn.Linear(width, 2))


if __name__ == "__main__":
    torch.manual_seed(103)
    network = make_network()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    decay = torch.optim.lr_scheduler.StepLR(optimizer, 400, 0.5)
    test_x = torch.rand(500, 4) * 3 - 1.5
    for step in range(1, 1501):
        x = torch.rand(64, 4) * 3 - 1.5
        loss = nn.functional.mse_loss(network(x), arm(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay.step()
        if step % 150 == 0:
            with torch.no_grad():
                away = (network(test_x) - arm(test_x)).norm(dim=1).mean().item()
            print(f"step {step:4d}  loss {loss.item():.5f}  hand is off by {away:.4f}")
