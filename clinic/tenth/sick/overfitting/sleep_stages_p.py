"""Sleep stage (four classes) from 50 band powers; a wide network, trained for a fixed number of epochs."""
import numpy as np
import torch
from torch import nn

EPOCHS = 120  # cure: EPOCHS = 5


def nights(n, seed):
    g = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(4, 50)) * 0.33
    k = g.integers(0, 4, n)
    x = centres[k] + g.normal(size=(n, 50))
    flip = g.uniform(size=n) < 0.1
    return torch.tensor(x).float(), torch.tensor(np.where(flip, g.integers(0, 4, n), k))


def evaluate(net, x, y):
    with torch.no_grad():
        z = net(x)
        return nn.functional.cross_entropy(z, y).item(), (z.argmax(1) == y).float().mean().item()


torch.manual_seed(70)
x, y = nights(600, 1)
xv, yv = nights(1000, 2)
net = nn.Sequential(nn.Linear(50, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 4))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
every = max(1, EPOCHS // 12)
for epoch in range(1, EPOCHS + 1):
    losses = []
    for b in torch.randperm(len(x)).split(30):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if epoch % every == 0:
        vl, va = evaluate(net, xv, yv)
        print(f"epoch {epoch:3d}  train {np.mean(losses):.4f}  val {vl:.4f}  val acc {va:.3f}")
