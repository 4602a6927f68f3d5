"""Transfer: a network that knows the digits' parity learns the ten digits; layers are thawed from the top down."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.low = nn.Sequential(nn.Linear(64, 96), nn.ReLU())
        self.mid = nn.Sequential(nn.Linear(96, 64), nn.ReLU())
        self.head = nn.Linear(64, 2)

    def forward(self, x):
        return self.head(self.mid(self.low(x)))


def epoch_of(net, opt, x, y, size=32):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(size):
        loss = F.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    return total / len(x)


@torch.no_grad()
def accuracy(net, x, y):
    net.eval()
    return (net(x).argmax(1) == y).float().mean().item()


torch.manual_seed(50)
d = load_digits()
perm = torch.randperm(len(d.target))
x = (torch.tensor(d.data, dtype=torch.float32)[perm] - 4.88) / 6.0
y = torch.tensor(d.target)[perm]
first, second, test = slice(0, 700), slice(700, 1400), slice(1400, None)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for e in range(8):
    loss = epoch_of(net, opt, x[first], y[first] % 2)
print(f"parity: loss {loss:.3f}, accuracy {accuracy(net, x[test], y[test] % 2):.3f}")

net.head = nn.Linear(64, 10)
for part in (net.low, net.mid):
    part.requires_grad_(False)
opt = torch.optim.Adam(net.head.parameters(), lr=3e-3)
thaw = {5: net.mid, 9: net.low}
for epoch in range(1, 15):
    if epoch in thaw:
        thaw[epoch].requires_grad_(True)
        opt.add_param_group({"params": thaw[epoch].parameters(), "lr": 5e-4})
    loss = epoch_of(net, opt, x[second], y[second])
    moving = sum(p.numel() for p in net.parameters() if p.requires_grad)
    print(f"epoch {epoch:2d}: {moving} weights move, loss {loss:.3f}, digit accuracy {accuracy(net, x[test], y[test]):.3f}")
