"""Type of water from the colour of the sea at nine wavelengths, with a deep network."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(149)
TYPES = 5


def colours(n):
    kind = torch.randint(0, TYPES, (n,))
    chlorophyll = 0.3 + 0.5 * kind[:, None] + 0.12 * torch.randn(n, 1)
    silt = torch.rand(n, 1)
    wavelength = torch.linspace(0, 1, 9)
    x = torch.exp(-chlorophyll * (1 - wavelength) ** 2) * (1 + silt * wavelength) + 0.03 * torch.randn(n, 9)
    return x, kind


x, kind = colours(2400)
x = (x - x.mean(0)) / x.std(0)
train = DataLoader(TensorDataset(x[:2000], kind[:2000]), batch_size=40, shuffle=True)

widths = [9] + [32] * 8
layers = []
for a, b in zip(widths, widths[1:]):
    layers += [nn.Linear(a, b), nn.Sigmoid()]  # cure: layers += [nn.Linear(a, b), nn.LayerNorm(b), nn.LeakyReLU()]
net = nn.Sequential(*layers, nn.Linear(32, TYPES))
optimizer = torch.optim.SGD(net.parameters(), lr=0.005, momentum=0.9)
criterion = nn.CrossEntropyLoss()

for epoch in range(1, 25):
    running = 0.0
    for xb, yb in train:
        optimizer.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        optimizer.step()
        running += loss.item()
    if epoch % 2 == 0:
        with torch.no_grad():
            out = net(x[2000:])
        print(
            f"epoch {epoch:2d}  loss {running / len(train):.3f}  test {criterion(out, kind[2000:]).item():.3f}  "
            f"accuracy {(out.argmax(1) == kind[2000:]).float().mean().item():.3f}"
        )
