"""Learn a noisy decision rule from 200 questionnaires."""
import numpy as np
import torch
from torch import nn

EPOCHS = 150  # cure: EPOCHS = 10


def questionnaires(n, rng):
    x = rng.normal(size=(n, 20))
    p = 1 / (1 + np.exp(-1.2 * (x[:, 0] + x[:, 1] - x[:, 2])))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(rng.random(n) < p).float()


rng = np.random.default_rng(34)
torch.manual_seed(34)
x, y = questionnaires(200, rng)
xv, yv = questionnaires(1000, rng)
net = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(net.parameters(), lr=4e-4)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, EPOCHS + 1):
    for idx in torch.randperm(200).split(20):
        optimizer.zero_grad()
        loss = bce(net(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        tr, va = bce(net(x), y).item(), bce(net(xv), yv).item()
        acc = ((net(xv) > 0).float() == yv).float().mean().item()
    if epoch % 2 == 0:
        print(f"epoch {epoch}: train {tr:.4f} valid {va:.4f} valid acc {acc:.3f}")
