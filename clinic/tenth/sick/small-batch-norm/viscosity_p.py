"""Viscosity of mixtures from their composition: regression MLP with batch norm between the layers."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

BATCH = 2  # cure: BATCH = 32
EPOCHS = 8


def mixtures(n):
    x = torch.randn(n, 6)
    y = torch.tanh(x[:, 0] * 1.5) + 0.8 * x[:, 1] * x[:, 2] + 0.6 * torch.cos(2 * x[:, 3]) + 0.5 * x[:, 4]
    return x, ((y - 0.08) / 1.3 + 0.05 * torch.randn(n))[:, None]


def make_net():
    parts = []
    for i, o in ((6, 64), (64, 64)):
        parts += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.LeakyReLU(0.1)]
    return nn.Sequential(*parts, nn.Linear(64, 1))


torch.manual_seed(60)
train = DataLoader(TensorDataset(*mixtures(1200)), batch_size=BATCH, shuffle=True, drop_last=True)
x_val, y_val = mixtures(600)
net = make_net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)
for epoch in range(EPOCHS):
    net.train()
    total = 0.0
    for x, y in train:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()
        total += loss.item() / len(train)
    sched.step()
    net.eval()
    with torch.no_grad():
        v = nn.functional.mse_loss(net(x_val), y_val).item()
    print(f"epoch {epoch + 1}/{EPOCHS} train mse {total:.4f} val mse {v:.4f}")
