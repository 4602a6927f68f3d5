"""Five-by-seven dot-matrix glyphs under heavy pixel noise; CNN whose dropout keeps most of the units."""
import torch
from torch import nn
import torch.nn.functional as F

FONT = ["0E11111F111111", "1E111E11111111", "0E10101010110E", "1C12111111121C", "1F10101E10101F", "0E11101711110F", "1111111F111111", "0E04040404040E"]
KEEP = 0.9


def glyph_bank():
    rows = [[int(g[i:i + 2], 16) for i in range(0, 14, 2)] for g in FONT]
    return torch.tensor([[[(r >> b) & 1 for b in range(4, -1, -1)] for r in rows_] for rows_ in rows]).float()


def sample(n, gen):
    bank = glyph_bank()
    y = torch.randint(len(bank), (n,), generator=gen)
    img = F.pad(bank[y], (2, 2, 2, 2))
    for i, (dy, dx) in enumerate(torch.randint(-2, 3, (n, 2), generator=gen).tolist()):
        img[i] = img[i].roll((dy, dx), (0, 1))
    img = img + 0.3 * torch.randn(img.shape, generator=gen)
    return ((img - img.mean()) / img.std()).unsqueeze(1), y


class GlyphNet(nn.Module):
    def __init__(self, keep=KEEP):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 24, 3, padding=1)
        self.drop = nn.Dropout(keep)  # cure: self.drop = nn.Dropout(1 - keep)
        self.fc1 = nn.Linear(24 * 5 * 4, 64)
        self.fc2 = nn.Linear(64, len(FONT))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = self.drop(F.relu(self.conv2(x)).flatten(1))
        x = self.drop(F.relu(self.fc1(x)))
        return self.fc2(x)


gen = torch.Generator().manual_seed(4)
torch.manual_seed(4)
x, y = sample(2000, gen)
xv, yv = sample(500, gen)
net = GlyphNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(8):
    net.train()
    run = 0.0
    for idx in torch.randperm(len(x)).split(50):
        opt.zero_grad()
        loss = F.cross_entropy(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
        run += loss.item() / 40
    net.eval()
    with torch.no_grad():
        z = net(xv)
    print(f"epoch {epoch}: train {run:.3f} valid {F.cross_entropy(z, yv):.3f} accuracy {(z.argmax(1) == yv).float().mean():.3f}")
