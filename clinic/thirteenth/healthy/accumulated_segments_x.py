"""Keyword spotting with an LSTM: gradients of four small batches are added before each step."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACC = 4


def clips(n):
    y = torch.randint(0, 4, (n,))
    t = torch.arange(30.0)
    f0, slope = torch.tensor([0.3, 0.3, 1.0, 1.0])[y], torch.tensor([0.01, -0.004, 0.012, -0.012])[y]
    phase = 2 * math.pi * torch.rand(n, 1)
    x = torch.sin(f0[:, None] * t + slope[:, None] * t ** 2 + phase) + 0.6 * torch.randn(n, 30)
    return (x / 0.93).reshape(n, 15, 2), y


class Spotter(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 48, batch_first=True)
        self.fc = nn.Linear(48, 4)

    def forward(self, x):
        return self.fc(self.lstm(x)[0].mean(1))


torch.manual_seed(3)
loader = DataLoader(TensorDataset(*clips(2400)), batch_size=12, shuffle=True)
xv, yv = clips(600)
model = Spotter()
opt = torch.optim.AdamW(model.parameters(), lr=4e-3)
ce = nn.CrossEntropyLoss()
assert len(loader) % ACC == 0
for epoch in range(7):
    total = 0.0
    for k, (x, y) in enumerate(loader, 1):
        loss = ce(model(x), y)
        (loss / ACC).backward()
        total += loss.item() / len(loader)
        if k % ACC == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        out = model(xv)
    print(f"epoch {epoch:2d} loss {total:.4f} valid {ce(out, yv).item():.4f} acc {(out.argmax(1) == yv).float().mean().item():.3f}")
