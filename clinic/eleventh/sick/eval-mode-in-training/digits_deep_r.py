"""Deep batch-normalised network on the digits; the untrained network is scored first, as a baseline."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.fc = nn.Linear(n_in, n_out, bias=False)
        self.bn = nn.BatchNorm1d(n_out)

    def forward(self, x):
        return torch.relu(self.bn(self.fc(x)))


class DeepMLP(nn.Module):
    def __init__(self, width=48, depth=8):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(64 if i == 0 else width, width) for i in range(depth)])
        self.out = nn.Linear(width, 10)

    def forward(self, x):
        return self.out(self.blocks(x))


def evaluate(model, loader):
    model.eval()
    n = hits = 0
    loss = 0.0
    with torch.no_grad():
        for x, y in loader:
            z = model(x)
            loss += nn.functional.cross_entropy(z, y, reduction="sum").item()
            hits += (z.argmax(1) == y).sum().item()
            n += len(y)
    return loss / n, hits / n


def train(model, train_loader, test_loader, epochs, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    for epoch in range(1, epochs + 1):
        # cure: model.train()
        total = 0.0
        for x, y in train_loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
            total += loss.item() / len(train_loader)
        print("epoch %2d  train %.4f  test %.4f  acc %.3f" % (epoch, total, *evaluate(model, test_loader)))


torch.manual_seed(6)
X, y = load_digits(return_X_y=True)
xa, xb, ya, yb = train_test_split(torch.tensor(X).float() / 8 - 1, torch.tensor(y), test_size=0.25, random_state=3)
loaders = [DataLoader(TensorDataset(xa, ya), batch_size=64, shuffle=True, drop_last=True),
           DataLoader(TensorDataset(xb, yb), batch_size=256)]
net = DeepMLP()
print("untrained: loss %.4f  acc %.3f" % evaluate(net, loaders[1]))
train(net, *loaders, epochs=10, lr=0.02)
