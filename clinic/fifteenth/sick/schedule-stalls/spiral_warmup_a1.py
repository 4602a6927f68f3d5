"""Three interleaved spirals, an MLP, and a linear warm-up followed by a linear decay (as transformers are trained)."""
import math

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

torch.manual_seed(27)
EPOCHS, BATCH, WARMUP = 60, 50, 30


def spirals(n):
    arm = torch.randint(0, 3, (n,))
    r = torch.rand(n).sqrt()
    angle = 4.0 * r + arm * 2 * math.pi / 3 + 0.15 * torch.randn(n)
    return torch.stack([r * angle.cos(), r * angle.sin()], dim=1) / 0.5, arm


x, y = spirals(2000)
x_val, y_val = spirals(600)
total_steps = EPOCHS * 4  # cure: total_steps = EPOCHS * (len(x) // BATCH)
model = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)


def factor(step):
    if step < WARMUP:
        return (step + 1) / WARMUP
    return max(0.0, (total_steps - step) / (total_steps - WARMUP))


scheduler = LambdaLR(optimizer, factor)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, EPOCHS + 1):
    losses = []
    for idx in torch.randperm(len(x)).split(BATCH):
        loss = loss_fn(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    if epoch % 6 == 0:
        with torch.no_grad():
            out = model(x_val)
        print(f"epoch {epoch:2d}  loss {sum(losses) / len(losses):.4f}  val loss {loss_fn(out, y_val).item():.4f}  "
              f"val acc {(out.argmax(1) == y_val).float().mean().item():.3f}")
