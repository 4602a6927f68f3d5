"""Small convolutional detector: is there a plus sign somewhere in a noisy 12x12 picture?
Biases start from the foreground prior, as in focal-loss detectors."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
PRIOR = 0.02


def pictures(n):
    img = 0.4 * torch.randn(n, 1, 12, 12)
    label = torch.rand(n) < 0.5
    for i in range(n):
        r, c = torch.randint(2, 10, (2,)).tolist()
        if label[i]:
            img[i, 0, r - 1:r + 2, c] += 1.5
            img[i, 0, r, c - 1:c + 2] += 1.5
        else:
            img[i, 0, r - 1:r + 2, c - 1:c + 2] += 1.5 * torch.eye(3)
            img[i, 0, r - 1:r + 2, c - 1:c + 2] += 1.5 * torch.eye(3).flip(1)
    return img, label.float()


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 16, 3, padding=1)
        self.score = nn.Conv2d(16, 1, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
                nn.init.constant_(m.bias, -math.log((1 - PRIOR) / PRIOR))  # cure: nn.init.zeros_(m.bias)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        return self.score(x).amax(dim=(1, 2, 3))


xtr, ytr = pictures(1500)
xva, yva = pictures(500)
model = Detector()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 13):
    total = 0
    for idx in torch.randperm(1500).split(50):
        loss = F.binary_cross_entropy_with_logits(model(xtr[idx]), ytr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        acc = ((model(xva) > 0) == yva.bool()).float().mean()
    print(f"epoch {epoch:2d} bce {total / 1500:.4f} val acc {acc:.3f}")
