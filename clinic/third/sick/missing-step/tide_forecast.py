"""Forecasts the next hour of a tide from the last 24, with gradients gathered over several small batches."""

import torch
import torch.nn as nn

torch.manual_seed(14)
hours = torch.arange(2400.0)
level = (
    torch.sin(hours * 2 * torch.pi / 12.42)
    + 0.45 * torch.sin(hours * 2 * torch.pi / 12.0)
    + 0.3 * torch.sin(hours * 2 * torch.pi / 25.82)
    + 0.03 * torch.randn(2400)
)
windows = level.unfold(0, 25, 1)
past, following = windows[:, :24], windows[:, 24:]
cut = 1920
gather_over = 128  # cure: gather_over = 2

forecaster = nn.Sequential(nn.Linear(24, 32), nn.ELU(), nn.Linear(32, 16), nn.ELU(), nn.Linear(16, 1))
optimizer = torch.optim.RMSprop(forecaster.parameters(), lr=1e-3)
huber = nn.SmoothL1Loss()

for epoch in range(25):
    optimizer.zero_grad()
    losses = []
    for i, rows in enumerate(torch.randperm(cut).split(16)):
        loss = huber(forecaster(past[rows]), following[rows])
        (loss / gather_over).backward()
        losses.append(loss.item())
        if (i + 1) % gather_over == 0:
            optimizer.step()
            optimizer.zero_grad()
    with torch.no_grad():
        ahead = huber(forecaster(past[cut:]), following[cut:]).item()
    print(f"epoch {epoch + 1:2d} | train {sum(losses) / len(losses):.5f} | ahead {ahead:.5f}")
