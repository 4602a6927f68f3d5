"""Digits with a batch-normalised conv net; after each epoch, the accuracy per digit is reported."""
import torch
from sklearn.datasets import load_digits
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten())
        self.head = nn.Sequential(nn.Linear(128, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))

    def forward(self, x):
        return self.head(self.trunk(x))


def split(seed):
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    y = torch.tensor(d.target)
    perm = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    tr, te = perm[:1350], perm[1350:]
    x = (x - x[tr].mean()) / x[tr].std()
    return (x[tr], y[tr]), (x[te], y[te])


@torch.no_grad()
def report(net, x, y):
    # cure: net.eval()
    acc, loss = [], 0.0
    for digit in range(10):
        rows = y == digit
        out = net(x[rows])
        acc.append((out.argmax(1) == digit).float().mean().item())
        loss += nn.functional.cross_entropy(out, y[rows], reduction="sum").item()
    return acc, loss / len(y)


def train_epoch(net, opt, x, y):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(54):
        loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(x)
    return total


torch.manual_seed(64)
train, test = split(64)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
for epoch in range(8):
    tl = train_epoch(net, opt, *train)
    acc, vl = report(net, *test)
    print(f"epoch {epoch} train {tl:.3f} test {vl:.3f} per digit " + " ".join(f"{a:.2f}" for a in acc)
          + f" mean {sum(acc) / 10:.3f}")
