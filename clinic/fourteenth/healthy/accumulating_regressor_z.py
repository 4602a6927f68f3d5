"""Regression with micro-batches of 8 whose mean gradients add up to one step per 4 of them, warm-up included."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(2560, 5)
y = torch.sin(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3] + 0.1 * torch.randn(2560, 1)
train = DataLoader(TensorDataset(x[:2048], y[:2048]), batch_size=8, shuffle=True)
net = nn.Sequential(nn.Linear(5, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
steps = 25 * 64
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=3e-3, total_steps=steps)
for epoch in range(25):
    total = 0.0
    for i, (xb, yb) in enumerate(train):
        loss = nn.functional.mse_loss(net(xb), yb)
        (loss / 4).backward()
        total += loss.item() / len(train)
        if i % 4 == 3:
            opt.step()
            sched.step()
            opt.zero_grad()
    with torch.no_grad():
        valid = nn.functional.mse_loss(net(x[2048:]), y[2048:])
    print(f"epoch {epoch + 1}: lr {sched.get_last_lr()[0]:.2e} train {total:.4f} valid {valid:.4f}")
