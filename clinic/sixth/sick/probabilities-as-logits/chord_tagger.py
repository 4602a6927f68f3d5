"""Multi-label tagging: which of eight tones sound in a short synthetic chord?"""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(55)
FREQS = torch.tensor([5., 7., 9., 12., 15., 19., 23., 28.])
T = 128


def chords(n):
    on = (torch.rand(n, 8) < 0.25).float()
    t = torch.arange(T) / T
    phase = torch.rand(n, 8, 1) * 2 * math.pi
    amp = on * (0.7 + 0.6 * torch.rand(n, 8))
    wave = (amp[..., None] * torch.sin(2 * math.pi * FREQS[:, None] * t + phase)).sum(1)
    return (wave + 0.3 * torch.randn(n, T)).unsqueeze(1), on


class Tagger(nn.Module):
    def __init__(self, ch=16):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 32, 33, padding=16)
        self.conv2 = nn.Conv1d(32, ch, 5, padding=2)
        self.head = nn.Linear(ch, 8)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool1d(x, 8)
        x = F.relu(self.conv2(x)).mean(2)
        return torch.sigmoid(self.head(x))  # cure: return self.head(x)


def micro_f1(score, on, cut):
    hit = (score > cut).float()
    return (2 * (hit * on).sum() / (hit.sum() + on.sum()).clamp(min=1)).item()


x, on = chords(1500)
xv, onv = chords(400)
net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(1, 16):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = criterion(net(x[idx]), on[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        s = net(xv)
    print(f"epoch {epoch:2d} loss {total / len(x):.4f} val loss {criterion(s, onv):.4f} "
          f"F1 {micro_f1(s, onv, 0.5):.3f}")  # cure: f"F1 {micro_f1(s, onv, 0.0):.3f}")
