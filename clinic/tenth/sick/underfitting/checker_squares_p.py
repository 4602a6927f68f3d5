"""Which colour has a point of a warped 4x4 checkerboard? A two-layer network with ReLU."""
import argparse
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=4)  # cure: parser.add_argument("--hidden", type=int, default=96)
parser.add_argument("--epochs", type=int, default=19)
opts = parser.parse_args()
torch.manual_seed(81)


def board(n):
    p = torch.rand(n, 2) * 4
    warped = p + 0.25 * torch.sin(1.6 * p.flip(1))
    y = (warped.floor().sum(1) % 2).long()
    return (p - 2) / 1.155, y


x, y = board(5000)
xt, yt = board(1500)
h = opts.hidden
model = nn.Sequential(nn.Linear(2, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.2e-2, total_steps=opts.epochs * 100)
for epoch in range(opts.epochs):
    order = torch.randperm(len(x))
    total = 0.0
    for k in range(0, len(x), 50):
        i = order[k:k + 50]
        loss = nn.functional.cross_entropy(model(x[i]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item() / 100
    with torch.no_grad():
        out = model(xt)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}: train {total:.4f}  test {nn.functional.cross_entropy(out, yt):.4f}  "
              f"test acc {(out.argmax(1) == yt).float().mean():.4f}")
