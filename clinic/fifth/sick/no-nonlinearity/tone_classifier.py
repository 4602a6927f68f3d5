"""Tell four tone pitches apart in short noisy recordings with a strided 1-D conv net."""
import math
import torch
from torch import nn

torch.manual_seed(3)
PITCHES = [3.0, 5.0, 8.0, 12.0]


def recordings(n):
    label = torch.randint(0, len(PITCHES), (n,))
    freq = torch.tensor(PITCHES)[label] + 0.3 * torch.randn(n)
    phase = 2 * math.pi * torch.rand(n)
    t = torch.linspace(0, 1, 96)
    wave = torch.sin(2 * math.pi * freq[:, None] * t + phase[:, None]) + 0.3 * torch.randn(n, 96)
    return (wave / wave.std()).unsqueeze(1), label


def conv_block(cin, cout, kernel=7, act=None):
    layers = [nn.Conv1d(cin, cout, kernel, stride=2, padding=kernel // 2)]
    if act is not None:
        layers.append(act())
    return layers


class PitchNet(nn.Module):
    def __init__(self, widths=(1, 16, 24, 32)):
        super().__init__()
        stack = []
        for a, b in zip(widths[:-1], widths[1:]):
            stack += conv_block(a, b)  # cure: stack += conv_block(a, b, act=nn.ReLU)
        self.body = nn.Sequential(*stack)
        self.out = nn.Linear(widths[-1], len(PITCHES))

    def forward(self, wave):
        return self.out(self.body(wave).mean(-1))


xtr, ytr = recordings(1536)
xva, yva = recordings(512)
net = PitchNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
lossf = nn.CrossEntropyLoss()
for epoch in range(14):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(xtr)).split(64):
        loss = lossf(net(xtr[idx]), ytr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        out = net(xva)
        print(f"epoch {epoch:2d}  train {total / len(xtr):.4f}  valid {lossf(out, yva).item():.4f}"
              f"  acc {(out.argmax(1) == yva).float().mean().item():.3f}")
