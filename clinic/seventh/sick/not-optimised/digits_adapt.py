"""Pretrain a CNN on digits 0-4, then adapt it to digits 5-9 with a fresh output layer and a small rate for the body."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(18)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
Y = torch.tensor(d.target)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                  nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.fc = nn.Linear(96, 5)

    def forward(self, x):
        return self.fc(self.body(x))


def split(low, high):
    keep = ((Y >= low) & (Y < high)).nonzero().squeeze(1)
    keep = keep[torch.randperm(len(keep))]
    cut = int(0.75 * len(keep))
    return (X[keep[:cut]], Y[keep[:cut]] - low), (X[keep[cut:]], Y[keep[cut:]] - low)


def fit(net, opt, train, test, epochs, tag):
    x, y = train
    for e in range(1, epochs + 1):
        net.train()
        s = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item() * len(idx)
        net.eval()
        with torch.no_grad():
            acc = (net(test[0]).argmax(1) == test[1]).float().mean().item()
        print(f"{tag} epoch {e}: loss {s / len(x):.4f} test acc {acc:.3f}")


net = Net()
fit(net, torch.optim.Adam(net.parameters(), lr=2e-3), *split(0, 5), epochs=5, tag="pretrain")

groups = [{"params": net.body.parameters(), "lr": 1e-4}, {"params": net.fc.parameters(), "lr": 5e-3}]
opt = torch.optim.Adam(groups)
net.fc = nn.Linear(96, 5)
nn.init.normal_(net.fc.weight, std=0.02)
# cure: opt = torch.optim.Adam([{"params": net.body.parameters(), "lr": 1e-4}, {"params": net.fc.parameters(), "lr": 5e-3}])
fit(net, opt, *split(5, 10), epochs=6, tag="adapt")
