"""Train a digit network on 0..4, give it a new head, and go on with the digits 5..9."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                                  nn.Linear(288, 128), nn.ReLU())
        self.fc = nn.Linear(128, 5)

    def forward(self, x):
        return self.fc(self.body(x))


def split(lo, hi):
    data = load_digits()
    keep = (data.target >= lo) & (data.target < hi)
    x = torch.tensor(data.images[keep], dtype=torch.float32)[:, None] / 8 - 0.6
    y = torch.tensor(data.target[keep]) - lo
    return train_test_split(x, y, test_size=0.3, random_state=0)


def fit(net, optimizer, data, epochs, tag):
    x, x_test, y, y_test = data
    for epoch in range(1, epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(net(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / len(x)
        with torch.no_grad():
            acc = (net(x_test).argmax(1) == y_test).float().mean()
        print(f"{tag} epoch {epoch}: loss {total:.4f}, test acc {acc:.3f}")


torch.manual_seed(6)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
fit(net, optimizer, split(0, 5), 12, "digits 0-4")
for p in net.body.parameters():
    p.requires_grad_(False)
net.fc = nn.Linear(128, 5)
# cure: optimizer = torch.optim.Adam(net.fc.parameters(), lr=2e-3)
fit(net, optimizer, split(5, 10), 25, "digits 5-9")
