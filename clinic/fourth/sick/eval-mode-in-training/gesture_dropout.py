"""Gesture from 3-axis accelerometer traces (six gestures, 600 examples); a deep MLP with batch norm and dropout."""
import torch
from torch import nn

torch.manual_seed(0)
K, T = 6, 30
patterns = torch.randn(K, 3, 6)


def traces(n):
    g = torch.randint(K, (n,))
    t = torch.linspace(0, 1, T) * torch.exp(0.1 * torch.randn(n, 1))
    waves = torch.stack([torch.sin(2 * torch.pi * (f + 1) * t) for f in range(6)], 1)
    x = torch.einsum("naf,nft->nat", patterns[g] * (0.5 + torch.rand(n, 1, 1)), waves)
    x = x + torch.tensor([0.0, 3.0, 9.8])[:, None] + 2.0 * torch.randn(n, 3, T)
    return x.flatten(1) / 3, g


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        blocks, width = [], 3 * T
        for _ in range(7):
            blocks += [nn.Linear(width, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.1)]
            width = 64
        self.layers = nn.Sequential(*blocks, nn.Linear(64, K))

    def forward(self, x):
        return self.layers(x)


def evaluate(net, x, y):
    net.eval()
    with torch.no_grad():
        out = net(x)
    return nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


x, y = traces(600)
xt, yt = traces(1000)
net = Net()
net.train()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 16)
print("before training: loss %.3f accuracy %.3f" % evaluate(net, xt, yt))
for epoch in range(1, 17):
    # cure: net.train()
    for idx in torch.randperm(len(x)).split(40):
        loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 2 == 0:
        print("epoch %d: train loss %.3f" % (epoch, loss.item()), "test loss %.3f accuracy %.3f" % evaluate(net, xt, yt))
