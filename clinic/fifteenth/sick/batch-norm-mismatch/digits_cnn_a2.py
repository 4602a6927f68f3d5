"""A small convolutional classifier for the 8x8 digits, with a report on held-out images after each epoch."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


def block(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout, momentum=0.001),  # cure: nn.BatchNorm2d(cout),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block(1, 16), block(16, 32))
        self.head = nn.Linear(32 * 2 * 2, 10)

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


def run_epoch(net, loader, optimizer=None):
    net.train(optimizer is not None)
    total, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for x, y in loader:
            logits = net(x)
            loss = F.cross_entropy(logits, y)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(y)
            hits += (logits.argmax(1) == y).sum().item()
            seen += len(y)
    return total / seen, hits / seen


def main():
    digits = load_digits()
    x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(digits.target)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
    train = DataLoader(TensorDataset(xa, ya), batch_size=64, shuffle=True)
    valid = DataLoader(TensorDataset(xb, yb), batch_size=256)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(1, 9):
        train_loss, train_acc = run_epoch(net, train, optimizer)
        valid_loss, valid_acc = run_epoch(net, valid)
        print(f"epoch {epoch}: train {train_loss:.3f} / {train_acc:.3f}   valid {valid_loss:.3f} / {valid_acc:.3f}")


if __name__ == "__main__":
    main()
