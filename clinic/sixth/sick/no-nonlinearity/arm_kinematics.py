"""Forward kinematics of a two-link robot arm: joint angles -> position of the gripper."""
import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(11)


class ArmNet(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        self.inp = nn.Linear(2, width)
        self.mid = nn.ModuleList(nn.Linear(width, width) for _ in range(2))
        self.act = nn.SiLU()
        self.out = nn.Linear(width, 2)

    def forward(self, q):
        h = self.inp(q / math.pi)  # cure: h = self.act(self.inp(q / math.pi))
        for layer in self.mid:
            h = layer(h)  # cure: h = self.act(layer(h))
        return self.out(h)


q = (torch.rand(3000, 2) * 2 - 1) * math.pi
l1, l2 = 1.0, 0.6
x = l1 * q[:, 0].cos() + l2 * (q[:, 0] + q[:, 1]).cos()
y = l1 * q[:, 0].sin() + l2 * (q[:, 0] + q[:, 1]).sin()
full = TensorDataset(q, torch.stack([x, y], 1))
train_set, val_set = random_split(full, [2500, 500])
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=250)

net = ArmNet()
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30, eta_min=1e-4)
mse = nn.MSELoss()
for epoch in range(30):
    net.train()
    for angles, pos in train_loader:
        optimizer.zero_grad()
        loss = mse(net(angles), pos)
        loss.backward()
        optimizer.step()
    scheduler.step()
    net.eval()
    with torch.no_grad():
        err = sum((net(a) - p).norm(dim=1).sum().item() for a, p in val_loader) / len(val_set)
    if epoch % 5 == 4:
        print(f"[{epoch + 1:02d}] train mse {loss.item():.4f} | val distance {err:.4f}")
