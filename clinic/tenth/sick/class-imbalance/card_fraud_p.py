"""Flag fraudulent card payments from eight standardised features; what counts is how many of them are caught."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def payments(n, seed, rate=0.02):
    r = np.random.default_rng(seed)
    y = (r.uniform(size=n) < rate).astype(np.float32)
    x = r.normal(size=(n, 8))
    x[:, 0] += 1.1 * y
    x[:, 3] -= 0.9 * y
    x[:, 5] *= 1 + 0.9 * y
    x[:, 6] += 0.8 * y * np.sign(x[:, 5])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def report(z, y):
    hit = z > 0
    caught = hit[y == 1].float().mean().item()
    passed = (~hit[y == 0]).float().mean().item()
    return caught, passed, (caught + passed) / 2


torch.manual_seed(40)
x, y = payments(20000, 40)
xv, yv = payments(4000, 41)
net = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 1))
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - y).sum() / y.sum())
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(8):
    losses = []
    for xb, yb in DataLoader(TensorDataset(x, y), batch_size=250, shuffle=True):
        loss = criterion(net(xb).squeeze(1), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        caught, passed, bal = report(net(xv).squeeze(1), yv)
    print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f} | fraud caught {caught:.3f} | genuine passed {passed:.3f} | balanced {bal:.3f}")
