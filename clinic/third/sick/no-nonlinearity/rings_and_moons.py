"""Inside the ring, on the ring or outside: points of the plane in three classes."""

import torch
from torch import nn


class PlaneNet(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x)  # cure: x = torch.relu(layer(x))
        return self.layers[-1](x)


def points(n, generator):
    ring = torch.randint(0, 3, (n,), generator=generator)
    radius = 0.4 + 0.7 * ring + 0.12 * torch.randn(n, generator=generator)
    angle = torch.rand(n, generator=generator) * 2 * torch.pi
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1), ring


generator = torch.Generator().manual_seed(23)
torch.manual_seed(23)
net = PlaneNet([2, 32, 32, 3])
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
x, y = points(1500, generator)
test_x, test_y = points(500, generator)

for epoch in range(1, 25):
    for rows in torch.randperm(1500, generator=generator).split(50):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            out = net(test_x)
            test = nn.functional.cross_entropy(out, test_y).item()
        print(
            f"epoch {epoch:2d}  loss {loss.item():.3f}  test {test:.3f}  accuracy {(out.argmax(1) == test_y).float().mean():.3f}"
        )
