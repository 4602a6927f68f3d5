"""Fit a wavy surface z(x, y) with a tanh network whose ridges are spread by random biases."""
import torch
import torch.nn as nn

torch.manual_seed(2)
SPREAD = 60.0  # cure: SPREAD = 1.0


def ridge_layer(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    nn.init.xavier_normal_(layer.weight)
    nn.init.uniform_(layer.bias, -SPREAD, SPREAD)
    return layer


def surface(p):
    z = torch.sin(3 * p[:, 0]) * torch.cos(2 * p[:, 1]) + 0.5 * p[:, 0] * p[:, 1]
    return (z / 0.53).unsqueeze(1)


class Surface(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.first = ridge_layer(2, width)
        self.second = ridge_layer(width, width)
        self.last = nn.Linear(width, 1)

    def forward(self, p):
        h = torch.tanh(self.first(p))
        return self.last(torch.tanh(self.second(h)))


points = torch.rand(2000, 2) * 2 - 1
points = points / points.std(0)
z = surface(points) + 0.05 * torch.randn(2000, 1)
check = (torch.rand(500, 2) * 2 - 1) / 0.577
model = Surface()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 41):
    mse = 0.0
    for rows in torch.randperm(2000).split(50):
        loss = (model(points[rows]) - z[rows]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mse += loss.item() / 40
    if epoch % 6 == 0:
        with torch.no_grad():
            err = (model(check) - surface(check)).square().mean().sqrt().item()
        print(f"epoch {epoch}: mse {mse:.5f}  rms error on new points {err:.4f}")
