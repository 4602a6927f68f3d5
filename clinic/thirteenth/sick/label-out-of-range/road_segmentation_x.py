"""Segment small synthetic street tiles into ground, road and building; unsurveyed pixels carry the value 255."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def tiles(n, g):
    mask = torch.zeros(n, 16, 16, dtype=torch.long)
    for k in range(n):
        r = int(torch.randint(2, 13, (1,), generator=g))
        mask[k, r:r + 2] = 1
        a, b = torch.randint(0, 11, (2,), generator=g).tolist()
        mask[k, a:a + 4, b:b + 5] = 2
    colour = torch.tensor([[0.2, 0.6, 0.2], [0.5, 0.5, 0.5], [0.7, 0.3, 0.2]])
    image = colour[mask].permute(0, 3, 1, 2) + 0.25 * torch.randn(n, 3, 16, 16, generator=g)
    for k in range(0, n, 40):                       # some tiles lie at the edge of the map
        mask[k, :, :3] = 255
    return (image - 0.42) / 0.3, mask


def unit(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU())


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = unit(3, 12), unit(12, 24), unit(36, 16)
        self.head = nn.Conv2d(16, 3, 1)

    def forward(self, x):
        a = self.a(x)
        b = nn.functional.interpolate(self.b(nn.functional.max_pool2d(a, 2)), scale_factor=2)
        return self.head(self.c(torch.cat([a, b], 1)))


torch.manual_seed(9)
gen = torch.Generator().manual_seed(9)
train, valid = TensorDataset(*tiles(480, gen)), tiles(120, gen)
model = Segmenter()
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.CrossEntropyLoss(ignore_index=255)
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
for epoch in range(10):
    model.train()
    for step, (image, mask) in enumerate(DataLoader(train, batch_size=16, shuffle=True)):
        optimizer.zero_grad()
        loss = criterion(model(image), mask)
        loss.backward()
        optimizer.step()
        if step % 15 == 0:
            print(f"epoch {epoch} step {step:2d} loss {loss.item():.4f}")
    model.eval()
    with torch.no_grad():
        pred = model(valid[0]).argmax(1)
    known = valid[1] != 255
    print(f"epoch {epoch} pixel accuracy {(pred == valid[1])[known].float().mean().item():.4f}")
