"""Names the mineral of a measured spectrum; the laboratory delivers one mineral after the other."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

MINERALS, CHANNELS = 6, 60


class Spectra(Dataset):
    """Two peaks per mineral on a sloping background, with noise and a drift of the scale."""

    def __init__(self, per_mineral, seed):
        g = torch.Generator().manual_seed(seed)
        self.kind = torch.arange(MINERALS).repeat_interleave(per_mineral)
        n = len(self.kind)
        axis = torch.linspace(0, 1, CHANNELS)
        drift = 0.015 * torch.randn(n, 1, generator=g)
        first = 0.15 + 0.1 * self.kind[:, None] + drift
        second = 0.9 - 0.13 * ((self.kind[:, None] * 2) % 5) + drift
        peaks = torch.exp(-(((axis - first) / 0.03) ** 2)) + 0.7 * torch.exp(-(((axis - second) / 0.04) ** 2))
        slope = torch.rand(n, 1, generator=g) * axis
        self.x = 2 * (peaks + slope + 0.35 * torch.randn(n, CHANNELS, generator=g)) - 1

    def __len__(self):
        return len(self.kind)

    def __getitem__(self, i):
        return self.x[i], self.kind[i]


class SpectrumNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(CHANNELS, 40)
        self.b = nn.Linear(40, 40)
        self.c = nn.Linear(40, MINERALS)

    def forward(self, x):
        return self.c(F.leaky_relu(self.b(F.leaky_relu(self.a(x)))))


torch.manual_seed(17)
train = DataLoader(
    Spectra(200, seed=1), batch_size=20
)  # cure: train = DataLoader(Spectra(200, seed=1), batch_size=20, shuffle=True)
test = Spectra(60, seed=2)
net = SpectrumNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for epoch in range(6):
    average = 0.0
    for x, kind in train:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), kind)
        loss.backward()
        optimizer.step()
        average += loss.item() / len(train)
    with torch.no_grad():
        logits = net(test.x)
    print(
        f"epoch {epoch:2d}  loss {average:.4f}  test loss {F.cross_entropy(logits, test.kind).item():.4f}  "
        f"test accuracy {(logits.argmax(1) == test.kind).float().mean().item():.3f}"
    )
