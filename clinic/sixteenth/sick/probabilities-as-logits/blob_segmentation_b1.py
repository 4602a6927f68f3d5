"""Segment bright ellipses in noisy 24x24 images with a small encoder-decoder; foreground pixels weigh more."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def scene(n, g):
    u = torch.arange(24.0)
    c = 6 + 12 * torch.rand(n, 2, 1, 1, generator=g)
    r = 2 + 3 * torch.rand(n, 2, 1, 1, generator=g)
    mask = (((u[None, :, None] - c[:, 0]) / r[:, 0]) ** 2 + ((u[None, None, :] - c[:, 1]) / r[:, 1]) ** 2 < 1).float()
    image = 1.2 * mask + 0.6 * torch.randn(n, 24, 24, generator=g)
    return ((image - image.mean()) / image.std()).unsqueeze(1), mask.unsqueeze(1)


class MiniUNet(nn.Module):
    def __init__(self, ch=12):
        super().__init__()
        self.down1 = nn.Conv2d(1, ch, 3, padding=1)
        self.down2 = nn.Conv2d(ch, 2 * ch, 3, padding=1)
        self.up = nn.ConvTranspose2d(2 * ch, ch, 2, stride=2)
        self.mix = nn.Conv2d(2 * ch, ch, 3, padding=1)
        self.mask = nn.Conv2d(ch, 1, 1)

    def forward(self, x):
        a = F.relu(self.down1(x))
        b = F.relu(self.down2(F.max_pool2d(a, 2)))
        h = F.relu(self.mix(torch.cat([a, self.up(b)], 1)))
        return torch.sigmoid(self.mask(h))  # cure: return self.mask(h)


def dice(prediction, mask):
    return (2 * (prediction * mask).sum() / (prediction.sum() + mask.sum() + 1e-6)).item()


def main():
    torch.manual_seed(2)
    g = torch.Generator().manual_seed(0)
    train = DataLoader(TensorDataset(*scene(400, g)), batch_size=20, shuffle=True)
    xv, mv = scene(150, g)
    net = MiniUNet()
    criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0))
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(10):
        total = 0.0
        for x, m in train:
            optimizer.zero_grad()
            loss = criterion(net(x), m)
            loss.backward()
            optimizer.step()
            total += loss.item() / len(train)
        with torch.no_grad():
            out = net(xv)
            p = out.sigmoid()
        print(f"epoch {epoch + 1:2d} loss {total:.4f} valid {criterion(out, mv).item():.4f} dice {dice((p > 0.5).float(), mv):.4f}"
              f" soft dice {dice(p, mv):.4f}")


main()
