"""Image classifier with cyclical learning rates (triangular policy, one cycle per two epochs)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import CyclicLR

torch.manual_seed(19)
SIZE, CLASSES = 12, 4


def textures(n):
    """Gratings of four orientations, with random phase, period and contrast."""
    y = torch.randint(CLASSES, (n,))
    ang = y.float() * torch.pi / CLASSES + 0.12 * torch.randn(n)
    g = torch.arange(float(SIZE))
    u = g[None, None, :] * ang.cos()[:, None, None] + g[None, :, None] * ang.sin()[:, None, None]
    period = 3 + 2 * torch.rand(n, 1, 1)
    img = torch.sin(2 * torch.pi * (u / period + torch.rand(n, 1, 1)))
    return (img + 1.7 * torch.randn(n, SIZE, SIZE)).unsqueeze(1), y


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 5)
        self.fc1 = nn.Linear(16 * 16, 32)
        self.fc2 = nn.Linear(32, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


x, y = textures(2400)
xv, yv = textures(500)
model = Small()
opt = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9)
per_epoch = len(x) // 40
sched = CyclicLR(opt, base_lr=0.002, max_lr=0.08, step_size_up=per_epoch, cycle_momentum=False)  # cure: sched = CyclicLR(opt, base_lr=0.002, max_lr=0.02, step_size_up=per_epoch, cycle_momentum=False)
for epoch in range(8):
    model.train()
    half = []
    for k, idx in enumerate(torch.randperm(len(x)).split(40)):
        loss = F.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        half.append(loss.item())
        if k % 30 == 29:
            print(f"  epoch {epoch} batch {k + 1} loss {sum(half) / len(half):.4f}")
            half = []
    model.eval()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch} validation accuracy {acc:.3f}")
