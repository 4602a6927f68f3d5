"""Segment faint spots in noisy micrographs: fully convolutional network, one logit per pixel."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SIZE = 24


def micrographs(n, gen):
    grid = torch.arange(SIZE).float()
    cy, cx = (torch.rand(2, n, 1, 1, generator=gen) * (SIZE - 6) + 3)
    d2 = (grid.view(1, -1, 1) - cy) ** 2 + (grid.view(1, 1, -1) - cx) ** 2
    mask = (d2 < 3.2).float()
    img = 1.0 * torch.exp(-d2 / 4) + 0.6 * torch.randn(n, SIZE, SIZE, generator=gen)
    return ((img - img.mean()) / img.std()).unsqueeze(1), mask.unsqueeze(1)


class SpotNet(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.c1 = nn.Conv2d(1, c, 3, padding=1)
        self.c2 = nn.Conv2d(c, c, 3, padding=2, dilation=2)
        self.c3 = nn.Conv2d(c, c, 3, padding=1)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        x = F.relu(self.c1(x))
        x = F.relu(self.c2(x))
        x = F.relu(self.c3(x))
        return self.out(x)


def scores(logits, mask):
    guess = logits > 0
    m = mask > 0.5
    found = (guess & m).sum() / m.sum()
    clean = (~guess & ~m).sum() / (~m).sum()
    return found.item(), clean.item()


gen = torch.Generator().manual_seed(61)
torch.manual_seed(61)
x, m = micrographs(600, gen)
xv, mv = micrographs(200, gen)
net = SpotNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(1, 7):
    total = 0.0
    for idx in torch.randperm(len(x)).split(25):
        logits = net(x[idx])
        loss = F.binary_cross_entropy_with_logits(logits, m[idx])  # cure: loss = F.binary_cross_entropy_with_logits(logits, m[idx], pos_weight=torch.tensor(50.0))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(x)
    with torch.no_grad():
        found, clean = scores(net(xv), mv)
    print(f"epoch {epoch}: loss {total:.4f}  spot pixels found {found:.3f}  background kept {clean:.3f}  mean {(found + clean) / 2:.3f}")
