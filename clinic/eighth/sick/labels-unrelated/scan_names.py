"""Recognise scanned digits; scans and their answer sheet are matched by scan name."""
import argparse
import torch
from torch import nn
from sklearn.datasets import load_digits


def read_scans():
    """name -> picture, and the answer sheet in scanning order."""
    data = load_digits()
    perm = torch.randperm(1797, generator=torch.Generator().manual_seed(5)).tolist()
    scans = {f"scan_{i}": data.images[j] for i, j in enumerate(perm)}
    answers = [int(data.target[j]) for j in perm]
    return scans, answers


class ScanNet(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.LeakyReLU(0.1), nn.AvgPool2d(2),
                                      nn.Conv2d(channels, 2 * channels, 3, padding=1), nn.LeakyReLU(0.1))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(2 * channels * 16, 10))

    def forward(self, x):
        return self.classifier(self.features(x))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--channels", type=int, default=12)
    ap.add_argument("--epochs", type=int, default=6)
    ap.add_argument("--lr", type=float, default=1e-3)
    args = ap.parse_args()
    torch.manual_seed(5)
    scans, answers = read_scans()
    names = sorted(scans)  # cure: names = sorted(scans, key=lambda name: int(name.split("_")[1]))
    x = torch.stack([torch.tensor(scans[name], dtype=torch.float32) for name in names]).unsqueeze(1)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(answers)
    train_x, train_y, test_x, test_y = x[:1500], y[:1500], x[1500:], y[1500:]
    net = ScanNet(args.channels)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        net.train()
        loss_sum = 0.0
        for idx in torch.randperm(1500).split(25):
            loss = nn.functional.cross_entropy(net(train_x[idx]), train_y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            loss_sum += loss.item()
        net.eval()
        with torch.no_grad():
            acc = (net(test_x).argmax(1) == test_y).float().mean()
        print(f"epoch {epoch}: loss {loss_sum / 60:.3f} test acc {acc:.3f}")


if __name__ == "__main__":
    main()
