"""Which of four keyboard rows does a drawn stroke come from? MLP on stroke features, negative log-likelihood."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

rng = np.random.default_rng(12)
torch.manual_seed(12)


def stroke(row):
    """Twelve points of a noisy curve whose bend depends on the row."""
    t = np.linspace(-1, 1, 12)
    bend = [-1.0, -0.3, 0.4, 1.1][row] + 0.15 * rng.normal()
    y = bend * t ** 2 + rng.normal() * 0.3 * t + 0.1 * rng.normal(size=12)
    return y - y.mean()


rows = rng.integers(0, 4, 1600)
x = torch.tensor(np.stack([stroke(r) for r in rows]), dtype=torch.float32)
x = (x - x[:1200].mean(0)) / x[:1200].std(0)
y = torch.tensor(rows)


class StrokeNet(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.l1 = nn.Linear(12, width)
        self.l2 = nn.Linear(width, width)
        self.l3 = nn.Linear(width, 4)

    def forward(self, x):
        x = F.leaky_relu(self.l1(x))
        x = F.leaky_relu(self.l2(x))
        return self.l3(x)  # cure: return F.log_softmax(self.l3(x), dim=1)


model = StrokeNet()
criterion = nn.NLLLoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=5e-4)
for epoch in range(1, 16):
    epoch_loss = 0.0
    for idx in torch.randperm(1200).split(30):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() / 40
    with torch.no_grad():
        acc = (model(x[1200:]).argmax(1) == y[1200:]).float().mean().item()
    print(f"epoch {epoch:2d}  loss {epoch_loss:.4f}  held-out accuracy {acc:.3f}")
