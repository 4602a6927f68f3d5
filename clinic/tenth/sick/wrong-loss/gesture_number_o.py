"""Recognises five hand gestures from accelerometer traces with a 1-D CNN."""
import math
import torch
from torch import nn

torch.manual_seed(36)
GESTURES = ["circle", "shake", "push", "wave", "rest"]


def trace(g, n=32):
    t = torch.linspace(0, 1, n)
    p, a = 2 * math.pi * torch.rand(()).item(), 0.7 + 0.6 * torch.rand(()).item()
    x, y = torch.zeros(n), torch.zeros(n)
    if g == 0:
        x, y = torch.cos(6.3 * t + p), torch.sin(6.3 * t + p)
    elif g == 1:
        x = torch.sin(40 * t + p)
    elif g == 2:
        y = torch.exp(-((t - 0.2 - 0.1 * p) / 0.1) ** 2) * 2
    elif g == 3:
        x = torch.sin(12.6 * t + p)
    return torch.stack([x, y]) * a + 0.35 * torch.randn(2, n)


class GestureNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(2, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(16, 16, 5, padding=2), nn.ReLU())
        self.fc = nn.Linear(16 * 16, 1)  # cure: self.fc = nn.Linear(16 * 16, len(GESTURES))

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))


def loss_of(out, label):
    return nn.functional.mse_loss(out.squeeze(1), label.float())  # cure: return nn.functional.cross_entropy(out, label)


def decide(out):
    return out.squeeze(1).round().clamp(0, 4).long()  # cure: return out.argmax(1)


labels = torch.randint(0, 5, (1300,))
traces = torch.stack([trace(g) for g in labels.tolist()])
net = GestureNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(1, 9):
    for idx in torch.randperm(1000).split(25):
        loss = loss_of(net(traces[idx]), labels[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        right = (decide(net(traces[1000:])) == labels[1000:]).float().mean().item()
    print(f"epoch {epoch}: last batch loss {loss.item():.4f}, gestures recognised {right:.3f}")
