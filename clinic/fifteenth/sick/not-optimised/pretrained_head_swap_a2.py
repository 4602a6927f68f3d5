"""Pre-trains a small network to tell even from odd digits, then swaps the head and fine-tunes on the ten digits."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images, dtype=torch.float32) / 16 - 0.5
labels = torch.tensor(labels)
order = torch.randperm(len(images))
images, labels = images[order], labels[order]


class DigitNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.head = nn.Linear(32, classes)

    def forward(self, x):
        return self.head(self.trunk(x))


def loaders(target):
    train = TensorDataset(images[:1300], target[:1300])
    test = TensorDataset(images[1300:], target[1300:])
    return DataLoader(train, batch_size=32, shuffle=True), DataLoader(test, batch_size=512)


def train(net, optimizer, target, epochs, title):
    train_loader, test_loader = loaders(target)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        net.train()
        running = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
            running += loss.item()
        net.eval()
        with torch.no_grad():
            right = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader)
        print(f"{title} {epoch + 1}: loss {running / len(train_loader):.4f}, test accuracy {right / 497:.4f}")


net = DigitNet(2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.8)
train(net, optimizer, labels % 2, 8, "even/odd")

for group in optimizer.param_groups:
    group["lr"] = 0.01
net.head = nn.Linear(32, 10)
# cure: optimizer.add_param_group({"params": net.head.parameters(), "lr": 0.05})
train(net, optimizer, labels, 10, "ten digits")
