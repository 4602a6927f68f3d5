"""Tells four woven textures apart with a small strided conv net; the loaders are built in one place."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class Textures(Dataset):
    """12x12 patches of two crossed gratings in heavy noise; the class is the pair of directions."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.y = torch.randint(4, (n,), generator=g)
        angle = (self.y * math.pi / 4 + 0.25 * torch.randn(n, generator=g)).view(-1, 1, 1)
        r, c = torch.meshgrid(torch.arange(12.0), torch.arange(12.0), indexing="ij")
        phase = 2 * math.pi * torch.rand(n, 1, 1, generator=g)
        wave = torch.sin(1.3 * (r * angle.cos() + c * angle.sin()) + phase)
        self.x = (wave + 1.3 * torch.randn(n, 12, 12, generator=g)).unsqueeze(1) / 1.5

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def build_loaders(dataset, valid_share=0.2, batch_size=32):
    n_valid = int(len(dataset) * valid_share)
    train_set, valid_set = random_split(dataset, [len(dataset) - n_valid, n_valid])
    train_loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, drop_last=True)  # cure: train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True, drop_last=True)
    valid_loader = DataLoader(valid_set, batch_size=200)
    return train_loader, valid_loader


class PatchNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 16, 5, padding=2), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 24, 3, stride=2), nn.BatchNorm2d(24), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(24 * 25, 4))


def score(net, loader):
    net.eval()
    with torch.no_grad():
        pairs = [(net(x).argmax(1) == y) for x, y in loader]
    return torch.cat(pairs).float().mean().item()


torch.manual_seed(14)
train_loader, valid_loader = build_loaders(Textures(1000, seed=14))
net = PatchNet()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.02)
for epoch in range(12):
    net.train()
    losses = []
    for x, y in train_loader:
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(f"epoch {epoch + 1:2d}  loss {sum(losses) / len(losses):.4f}  valid accuracy {score(net, valid_loader):.3f}")
print(f"new roll of cloth: accuracy {score(net, DataLoader(Textures(1000, seed=15), batch_size=250)):.3f}")
