"""Deep batch-normalised MLP on rotated noisy spheres; prints the untrained accuracy first."""
import math
import torch
from torch import nn


def rings(n, gen, classes=4, dim=10):
    y = torch.randint(classes, (n,), generator=gen)
    r = 1.0 + 0.7 * y.float() + 0.05 * torch.randn(n, generator=gen)
    v = torch.randn(n, 3, generator=gen)
    x = torch.zeros(n, dim)
    x[:, :3] = v / v.norm(dim=1, keepdim=True) * r[:, None]
    x[:, 3:] = 0.1 * torch.randn(n, dim - 3, generator=gen)
    q, _ = torch.linalg.qr(torch.randn(dim, dim, generator=torch.Generator().manual_seed(0)))
    return x @ q, y


class Net(nn.Module):
    def __init__(self, dim=10, width=40, depth=8, classes=4):
        super().__init__()
        layers = []
        for k in range(depth):
            layers += [nn.Linear(dim if k == 0 else width, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.body(x))


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


gen = torch.Generator().manual_seed(70)
torch.manual_seed(70)
x, y = rings(4000, gen)
xv, yv = rings(600, gen)
mu, sd = x.mean(0), x.std(0)
x, xv = (x - mu) / sd, (xv - mu) / sd

net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
print(f"before training: accuracy {accuracy(net, xv, yv):.3f}, chance {1 / 4:.3f}")
for epoch in range(15):
    # cure: net.train()
    total = 0.0
    for b in torch.randperm(len(x)).split(100):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b) / len(x)
    print(f"epoch {epoch + 1:2d}: loss {total:.4f} (log 4 = {math.log(4):.2f}) accuracy {accuracy(net, xv, yv):.3f}")
