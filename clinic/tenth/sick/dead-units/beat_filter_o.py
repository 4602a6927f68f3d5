"""1-D convolutions tell three kinds of heart-beat-like pulse apart in noise; a firing threshold keeps the maps sparse."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(6)
torch.manual_seed(6)
T = 64


def pulse(kind):
    t = np.arange(T)
    c = rng.integers(16, 48)
    if kind == 0:
        s = np.exp(-((t - c) / 3.0) ** 2)
    elif kind == 1:
        s = np.exp(-((t - c) / 3.0) ** 2) - np.exp(-((t - c - 7) / 3.0) ** 2)
    else:
        s = np.where((t > c - 5) & (t < c + 5), (t - c) / 5.0, 0.0)
    return s * rng.uniform(0.8, 1.4) + 0.15 * rng.normal(size=T)


kinds = rng.integers(0, 3, 1500)
waves = np.stack([pulse(k) for k in kinds])
waves = (waves - waves.mean()) / waves.std()
x = torch.tensor(waves, dtype=torch.float32)[:, None]
y = torch.tensor(kinds)


class Fire(nn.Module):
    """Passes on what exceeds the threshold."""

    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def forward(self, h):
        return torch.relu(h - self.threshold)


THRESHOLD = 4.0  # cure: THRESHOLD = 0.1
model = nn.Sequential(
    nn.Conv1d(1, 24, 7, padding=3), Fire(THRESHOLD), nn.MaxPool1d(2),
    nn.Conv1d(24, 24, 5, padding=2), Fire(0.0), nn.AdaptiveMaxPool1d(1),
    nn.Flatten(), nn.Linear(24, 3),
)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    for idx in torch.randperm(1100).split(50):
        loss = ce(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        out = model(x[1100:])
    print(f"{epoch}: valid loss {ce(out, y[1100:]):.3f} accuracy {(out.argmax(1) == y[1100:]).float().mean():.3f}")
