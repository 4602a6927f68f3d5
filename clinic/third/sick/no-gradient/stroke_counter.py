"""Counts the squares in a picture (0 to 5) with a convolutional encoder and a small head."""

import torch
from torch import nn


def pictures(n):
    count = torch.randint(0, 6, (n,))
    cells = torch.rand(n, 16).argsort(1) < count[:, None]
    image = torch.kron(
        cells.float().view(n, 4, 4), torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])[None]
    )
    scratches = (torch.rand(n, 12, 12) < 0.04).float()
    return torch.maximum(image, scratches)[:, None] * 2 - 1, count


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 12, 2, padding=1),
            nn.ReLU(),
            nn.Conv2d(12, 12, 3, padding=1),
            nn.ReLU(),
        )
        self.head = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 6))

    def features(self, image):
        return self.encoder(image).mean((2, 3)).data  # cure: return self.encoder(image).mean((2, 3))

    def forward(self, image):
        return self.head(self.features(image))


torch.manual_seed(131)
counter = Counter()
optimizer = torch.optim.Adam(counter.parameters(), lr=5e-3)
cross_entropy = nn.CrossEntropyLoss()
test_x, test_y = pictures(500)
for step in range(1, 901):
    x, y = pictures(48)
    loss = cross_entropy(counter(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 90 == 0:
        with torch.no_grad():
            z = counter(test_x)
        print(
            f"step {step:3d}  loss {loss.item():.3f}  test loss {cross_entropy(z, test_y).item():.3f}  "
            f"exact {(z.argmax(1) == test_y).float().mean().item():.3f}"
        )
