"""Gradient accumulation: micro-batches of 8, a step every 8 of them; a GRU tells rising from falling noisy series."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
ACCUMULATE = 8


def series(n):
    y = torch.randint(0, 2, (n,)).float()
    slope = (2 * y - 1) * (0.04 + 0.06 * torch.rand(n))
    x = slope[:, None] * torch.arange(30.0) + torch.randn(n, 30).mul(0.5) + 0.5 * torch.randn(n, 1)
    return ((x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)).unsqueeze(-1), y


class Trend(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 16, batch_first=True)
        self.out = nn.Linear(16, 1)

    def forward(self, x):
        return self.out(self.gru(x)[1][-1]).squeeze(1)


loader = DataLoader(TensorDataset(*series(2560)), batch_size=8, shuffle=True)
x_val, y_val = series(600)
model = Trend()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 7):
    total = 0.0
    opt.zero_grad()
    for i, (x, y) in enumerate(loader, 1):
        loss = bce(model(x), y)
        (loss / ACCUMULATE).backward()
        total += loss.item()
        if i % ACCUMULATE == 0:
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        out = model(x_val)
    print(f"epoch {epoch}  train {total / len(loader):.4f}  val {bce(out, y_val):.4f}  "
          f"acc {((out > 0).float() == y_val).float().mean():.3f}")
