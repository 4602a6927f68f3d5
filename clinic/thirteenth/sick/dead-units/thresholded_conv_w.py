"""Convolutions with a learnt firing threshold per channel, as in spiking models, on the digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class ThresholdConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1)
        self.theta = nn.Parameter(torch.full((1, cout, 1, 1), 2.5))  # cure: self.theta = nn.Parameter(torch.zeros(1, cout, 1, 1))

    def forward(self, x):
        return F.relu(self.conv(x) - self.theta)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(ThresholdConv(1, 12), nn.MaxPool2d(2), ThresholdConv(12, 24), nn.MaxPool2d(2))
        self.head = nn.Linear(24 * 4, 10)

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


if __name__ == "__main__":
    torch.manual_seed(0)
    bunch = load_digits()
    x = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(bunch.target)
    perm = torch.randperm(len(y))
    tr, va = perm[:1400], perm[1400:]
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(12):
        total = 0.0
        for idx in tr[torch.randperm(len(tr))].split(50):
            loss = F.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            acc = (net(x[va]).argmax(1) == y[va]).float().mean()
        print(f"epoch {epoch:02d}: {total / len(tr):.4f}, validation accuracy {acc:.3f}")
