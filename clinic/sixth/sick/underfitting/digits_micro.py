"""Digits with a compact two-stage ConvNet meant for a microcontroller."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(2)
CHANNELS = 2  # cure: CHANNELS = 16

d = load_digits()
perm = torch.randperm(len(d.target))
x = ((torch.tensor(d.images, dtype=torch.float32) - 4.9) / 6.0).unsqueeze(1)[perm]
y = torch.tensor(d.target)[perm]


class MicroNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c1 = nn.Conv2d(1, c, 3, padding=1)
        self.c2 = nn.Conv2d(c, c, 3, padding=1)
        self.fc = nn.Linear(c * 4, 10)

    def forward(self, t):
        t = F.max_pool2d(F.leaky_relu(self.c1(t)), 2)
        t = F.max_pool2d(F.leaky_relu(self.c2(t)), 2)
        return self.fc(t.flatten(1))


net = MicroNet(CHANNELS)
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20)
for epoch in range(20):
    hits = total = 0.0
    for idx in torch.randperm(1400).split(32):
        out = net(x[idx])
        loss = F.cross_entropy(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx) / 1400
        hits += (out.argmax(1) == y[idx]).sum().item() / 1400
    scheduler.step()
    if epoch % 3 == 1:
        with torch.no_grad():
            val = (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item()
        print(f"epoch {epoch + 1:2d}: train loss {total:.3f} train acc {hits:.3f} val acc {val:.3f}")
