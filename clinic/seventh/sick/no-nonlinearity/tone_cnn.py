"""Tell low, middle and high tones apart (random phase, some noise) with a small 1-D CNN."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(11)


def make_tones(n, length=64):
    label = torch.randint(0, 3, (n,))
    freq = torch.tensor([3.0, 6.0, 10.0])[label] + 0.4 * torch.randn(n)
    phase = 2 * math.pi * torch.rand(n)
    t = torch.linspace(0, 1, length)
    wave = torch.sin(2 * math.pi * freq[:, None] * t + phase[:, None])
    return (wave + 0.3 * torch.randn(n, length))[:, None], label


def conv_block(c_in, c_out, kernel=7, stride=2, act=nn.Identity):  # cure: def conv_block(c_in, c_out, kernel=7, stride=2, act=nn.ReLU):
    return nn.Sequential(nn.Conv1d(c_in, c_out, kernel, stride, kernel // 2), act())


class ToneNet(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.body = nn.Sequential(conv_block(1, 16), conv_block(16, 32), conv_block(32, 32))
        self.head = nn.Linear(32, classes)

    def forward(self, x):
        return self.head(self.body(x).mean(-1))


def accuracy(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


xtr, ytr = make_tones(2000)
xva, yva = make_tones(500)
net = ToneNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(12):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(xtr)).split(64):
        loss = F.cross_entropy(net(xtr[idx]), ytr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    print(f"epoch {epoch:2d}  loss {total / len(xtr):.3f}  valid acc {accuracy(net, xva, yva):.3f}")
