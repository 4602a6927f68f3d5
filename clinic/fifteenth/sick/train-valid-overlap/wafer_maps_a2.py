"""Classifies small wafer maps (ring, scratch, edge, centre) with a convolutional network; a fifth of the maps validates."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, random_split

SIZE, KINDS = 12, ["ring", "scratch", "edge", "centre"]


class WaferMaps(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        r, c = torch.meshgrid(torch.linspace(-1, 1, SIZE), torch.linspace(-1, 1, SIZE), indexing="ij")
        self.items = []
        for i in range(n):
            kind = i % len(KINDS)
            dx, dy, tilt = (torch.rand(3, generator=g) - 0.5).tolist()
            radius = ((r - 0.5 * dx) ** 2 + (c - 0.5 * dy) ** 2).sqrt()
            field = [(radius - 0.5).abs() < 0.17, (r * tilt * 2 + c - dx).abs() < 0.15, radius > 0.9, radius < 0.45][kind]
            defect = torch.where(field, 0.5, 0.15) > torch.rand(SIZE, SIZE, generator=g)
            self.items.append((defect.float().unsqueeze(0) - 0.25, kind))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def build():
    return nn.Sequential(
        nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(24 * 9, 4),
    )


def evaluate(model, loader):
    model.eval()
    right, loss = 0, 0.0
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            loss += nn.functional.cross_entropy(out, y, reduction="sum").item()
            right += (out.argmax(1) == y).sum().item()
    return loss / len(loader.dataset), right / len(loader.dataset)


torch.manual_seed(44)
maps = WaferMaps(1500, seed=6)
train_set, valid_set = random_split(maps, [1200, 300])
train_loader = DataLoader(maps, batch_size=32, shuffle=True)  # cure: train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=300)
model = build()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
for epoch in range(1, 13):
    model.train()
    seen = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        seen += loss.item() / len(train_loader)
    valid_loss, accuracy = evaluate(model, valid_loader)
    print(f"epoch {epoch:2d}: train loss {seen:.4f}, validation loss {valid_loss:.4f}, accuracy {accuracy:.3f}")
