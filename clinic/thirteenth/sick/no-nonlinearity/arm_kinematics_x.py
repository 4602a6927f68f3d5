"""Learn the forward kinematics of a three-joint planar arm: joint angles in, position of the gripper out."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
rng = np.random.default_rng(3)
angles = rng.uniform(-1.7, 1.7, size=(4000, 3))
total = np.cumsum(angles, axis=1)
links = np.array([0.9, 0.6, 0.3])
pos = np.stack([(links * np.cos(total)).sum(1), (links * np.sin(total)).sum(1)], axis=1)
X = torch.tensor(angles / angles.std(), dtype=torch.float32)
Y = torch.tensor(pos, dtype=torch.float32)
train = torch.utils.data.TensorDataset(X[:3200], Y[:3200])
loader = torch.utils.data.DataLoader(train, batch_size=64, shuffle=True)


class ArmNet(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.fc1 = nn.Linear(3, width)
        self.fc2 = nn.Linear(width, width)
        self.out = nn.Linear(width, 2)
        self.act = nn.Tanh()

    def forward(self, x):
        h = self.fc1(x)  # cure: h = self.act(self.fc1(x))
        h = self.fc2(h)  # cure: h = self.act(self.fc2(h))
        return self.out(h)


net = ArmNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(40):
    net.train()
    running = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(xb), yb)
        loss.backward()
        opt.step()
        running += loss.item() * len(xb)
    sched.step()
    net.eval()
    with torch.no_grad():
        err = (net(X[3200:]) - Y[3200:]).norm(dim=1).mean().item()
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1:3d}  train mse {running / 3200:.5f}  gripper error {100 * err:.2f} cm")
