"""Per-pixel classification of small synthetic aerial tiles: ground, road, building. Pixels at the rim of a flight line are
void (255), as the annotators left them."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(21)
torch.manual_seed(21)


def make_tiles(count, size=24):
    images, masks = [], []
    for _ in range(count):
        mask = np.zeros((size, size), dtype=np.int64)
        lane = rng.integers(2, size - 4)
        mask[lane : lane + 3] = 1
        r, c = rng.integers(0, size - 7, 2)
        mask[r : r + 6, c : c + 6] = 2
        image = np.choose(mask, [0.2, -0.6, 1.1]) + rng.normal(0, 0.5, mask.shape)
        if rng.random() < 0.02:
            mask[:, -2:] = 255
        images.append(image)
        masks.append(mask)
    return torch.tensor(np.stack(images), dtype=torch.float32).unsqueeze(1), torch.tensor(np.stack(masks))


class TileNet(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(),
            nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(),
            nn.Conv2d(12, classes, 1),
        )

    def forward(self, x):
        return self.net(x)


images, masks = make_tiles(500)
train = DataLoader(TensorDataset(images[:400], masks[:400]), batch_size=10, shuffle=True)
valid_images, valid_masks = images[400:], masks[400:]
model = TileNet()
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.CrossEntropyLoss(ignore_index=255)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(8):
    for step, (x, y) in enumerate(train):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            print(f"epoch {epoch} step {step:2d} loss {loss.item():.4f}")
    with torch.no_grad():
        guess = model(valid_images).argmax(1)
    known = valid_masks != 255
    print(f"epoch {epoch} valid pixel accuracy {(guess == valid_masks)[known].float().mean():.4f}")
