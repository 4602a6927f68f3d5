"""Read handwritten digits with a convolutional network."""
import torch
from sklearn.datasets import load_digits
from torch import nn


class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU())
        self.fc = nn.Linear(16 * 16, 1)  # cure: self.fc = nn.Linear(16 * 16, 10)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1)).squeeze(1)


def decide(out):
    return out.round().clamp(0, 9).long()  # cure: return out.argmax(1)


def train(net, x, y, xv, yv):
    criterion = nn.MSELoss()  # cure: criterion = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(15):
        net.train()
        total = 0.0
        for i in torch.randperm(len(y)).split(64):
            opt.zero_grad()
            loss = criterion(net(x[i]), y[i].float())  # cure: loss = criterion(net(x[i]), y[i])
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(y)
        net.eval()
        with torch.no_grad():
            acc = (decide(net(xv)) == yv).float().mean().item()
        print(f"epoch {epoch + 1:2d}: loss {total:.4f}, validation accuracy {acc:.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 0.6
    y = torch.tensor(d.target)
    p = torch.randperm(len(y))
    train(DigitReader(), x[p[:1400]], y[p[:1400]], x[p[1400:]], y[p[1400:]])
