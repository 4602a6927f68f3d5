"""Will it rain tomorrow? A network on raw weather readings whose first layer, a batch norm, learns their scales."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def weather(n):
    pressure = 1013 + 9 * torch.randn(n)
    kelvin = 288 + 7 * torch.randn(n)
    humidity = 100 * torch.rand(n)
    wind = 12 * torch.rand(n)
    west = torch.rand(n) * 360
    score = -(pressure - 1013) / 9 + (humidity - 50) / 20 + 0.12 * wind * torch.sin(west / 57.3) - 0.4 * (kelvin - 288) / 7
    y = (score + 0.3 * torch.randn(n) > 0).float()
    return torch.stack([pressure, kelvin, humidity, wind, west], 1), y


class RainNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.scale = nn.BatchNorm1d(5)
        self.body = nn.Sequential(nn.Linear(5, hidden), nn.BatchNorm1d(hidden), nn.ReLU(),
                                  nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.body(self.scale(x)).squeeze(1)


def evaluate(net, loader):
    net.eval()
    loss = hits = n = 0
    with torch.no_grad():
        for x, y in loader:
            z = net(x)
            loss += nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum").item()
            hits += ((z > 0) == (y > 0.5)).sum().item()
            n += len(y)
    return loss / n, hits / n


def main():
    torch.manual_seed(12)
    train = DataLoader(TensorDataset(*weather(3000)), batch_size=60, shuffle=True)
    valid = DataLoader(TensorDataset(*weather(1000)), batch_size=500)
    net = RainNet()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    print("before training: loss %.3f accuracy %.3f" % evaluate(net, valid))
    for epoch in range(15):
        # cure: net.train()
        total = 0.0
        for x, y in train:
            opt.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item() / len(train)
        print("epoch %2d: train %.3f valid loss %.3f accuracy %.3f" % (epoch, total, *evaluate(net, valid)))


main()
