"""Classify vibration records of a bearing: sound, inner-race damage or outer-race damage (1-D convolutions)."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(17)
LENGTH = 64
COUNTS = {"sound": 2300, "inner": 40, "outer": 40}


def record(kind, n):
    t = torch.arange(LENGTH, dtype=torch.float32)
    x = 1.0 * torch.randn(n, LENGTH)
    if kind != "sound":
        period = 8.0 if kind == "inner" else 13.0
        phase = torch.rand(n, 1) * period
        x += 1.6 * torch.exp(-0.5 * (((t + phase) % period) - period / 2) ** 2)
    return x - x.mean(1, keepdim=True)


def build(counts):
    x = torch.cat([record(k, n) for k, n in counts.items()])
    y = torch.cat([torch.full((n,), i) for i, n in enumerate(counts.values())])
    return x.unsqueeze(1), y


class VibrationNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv1d(1, 16, 9, padding=4), nn.ReLU(), nn.MaxPool1d(2),
                                      nn.Conv1d(16, 24, 9, padding=4), nn.ReLU(), nn.AdaptiveAvgPool1d(4))
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(96, 3)

    def forward(self, x):
        return self.fc(self.drop(self.features(x).flatten(1)))


X, Y = build(COUNTS)
XV, YV = build({k: 100 for k in COUNTS})
weights = 1.0 / torch.bincount(Y).float()[Y]
balanced = WeightedRandomSampler(weights, len(Y))
loader = DataLoader(TensorDataset(X, Y), batch_size=64, shuffle=True)  # cure: loader = DataLoader(TensorDataset(X, Y), batch_size=64, sampler=balanced)

net = VibrationNet()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3, weight_decay=1e-3)
for epoch in range(7):
    net.train()
    total = correct = 0.0
    for x, y in loader:
        out = net(x)
        loss = nn.functional.cross_entropy(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
    net.eval()
    with torch.no_grad():
        hit = net(XV).argmax(1) == YV
    per_class = " ".join(f"{k} {hit[YV == i].float().mean().item():.2f}" for i, k in enumerate(COUNTS))
    print(f"epoch {epoch} loss {total / len(Y):.4f} acc {correct / len(Y):.3f} | test {hit.float().mean().item():.3f}: {per_class}")
