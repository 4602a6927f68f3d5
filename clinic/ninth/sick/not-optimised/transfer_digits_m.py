"""Transfer: a trunk trained on the digits 0-4 is fitted with a new adapter and head and tuned for the digits 5-9."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.functional import cross_entropy


class Reader(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8), nn.ReLU())
        self.head = nn.Linear(8, classes)

    def forward(self, x):
        return self.head(self.trunk(x))


def fit(net, opt, data, epochs, name):
    (x, y), (xt, yt) = data
    for e in range(1, epochs + 1):
        total = 0.0
        for i in torch.randperm(len(y)).split(40):
            loss = cross_entropy(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i)
        if e % 4 == 0:
            with torch.no_grad():
                out = net(xt)
            acc = (out.argmax(1) == yt).float().mean()
            print(f"{name} epoch {e} loss {total / len(y):.4f} test {cross_entropy(out, yt):.4f} acc {acc:.3f}")


def part(x, y, low):
    keep = (y >= low) & (y < low + 5)
    x, y = x[keep], y[keep] - low
    p = torch.randperm(len(y))
    return (x[p[:700]], y[p[:700]]), (x[p[700:]], y[p[700:]])


torch.manual_seed(112)
d = load_digits()
X = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
Y = torch.tensor(d.target)
net = Reader(5)
fit(net, torch.optim.Adam(net.parameters(), lr=2e-3), part(X, Y, 0), 12, "base")

for p in net.trunk[0].parameters():
    p.requires_grad_(False)
tuner = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-3)
net.trunk[2] = nn.Linear(64, 24)
net.head = nn.Linear(24, 5)
# cure: tuner = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-3)
fit(net, tuner, part(X, Y, 5), 20, "tune")
