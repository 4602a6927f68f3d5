"""Is there a bright cell in the patch? Small CNN with the usual low-prior start for the rare positive answer."""
import math
import torch
from torch import nn

torch.manual_seed(12)
PRIOR = 0.02


def patches(n):
    img = 0.3 * torch.randn(n, 1, 16, 16)
    present = torch.rand(n) < 0.5
    yy, xx = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    cy, cx = torch.randint(3, 13, (n, 1, 1)), torch.randint(3, 13, (n, 1, 1))
    blob = torch.exp(-((yy - cy) ** 2 + (xx - cx) ** 2) / 4.0)
    img[:, 0] += 0.9 * blob * present.view(-1, 1, 1)
    return img, present.float()


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 12, 3, padding=1)
        self.c2 = nn.Conv2d(12, 24, 3, padding=1)
        self.cls = nn.Linear(24, 1)
        self.pool = nn.MaxPool2d(2)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):  # cure: if m is self.cls:
                nn.init.constant_(m.bias, -math.log((1 - PRIOR) / PRIOR))

    def forward(self, x):
        x = self.pool(torch.relu(self.c1(x)))
        x = self.pool(torch.relu(self.c2(x)))
        return self.cls(x.amax((2, 3))).squeeze(1)


x, y = patches(1500)
xv, yv = patches(400)
net = Detector()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
crit = nn.BCEWithLogitsLoss()
for ep in range(8):
    net.train()
    losses = []
    for b in torch.randperm(len(x)).split(32):
        opt.zero_grad()
        l = crit(net(x[b]), y[b])
        l.backward()
        opt.step()
        losses.append(l.item())
    net.eval()
    with torch.no_grad():
        z = net(xv)
    print("epoch", ep, "loss %.4f" % (sum(losses) / len(losses)), "val loss %.4f" % crit(z, yv).item(),
          "val acc %.3f" % ((z > 0).float() == yv).float().mean().item())
