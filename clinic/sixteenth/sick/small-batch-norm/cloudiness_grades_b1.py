"""Estimate how cloudy a sky image is (three grades) with a small convolutional network."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


def skies(n):
    grade = torch.randint(0, 3, (n,))
    cover = 0.25 + 0.25 * grade + 0.06 * torch.randn(n)
    soft = nn.functional.avg_pool2d(torch.randn(n, 1, 20, 20), 5, stride=1)
    soft = (soft - soft.mean((1, 2, 3), keepdim=True)) / soft.std((1, 2, 3), keepdim=True)
    grey = torch.sigmoid(2 * soft) * 0.15 + cover[:, None, None, None]
    image = torch.cat([grey, grey + 0.1 * torch.rand(n, 1, 1, 1), 0.5 + 0.5 * grey], 1)
    return image + 0.05 * torch.randn_like(image), grade


class Cloudiness(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(24, 3))

    def forward(self, x):
        return self.net(x)


images, grades = skies(800)
test_images, test_grades = skies(300)
mean, std = images.mean((0, 2, 3), keepdim=True), images.std((0, 2, 3), keepdim=True)
images, test_images = (images - mean) / std, (test_images - mean) / std
loader = DataLoader(TensorDataset(images, grades), batch_size=1, shuffle=True)  # cure: loader = DataLoader(TensorDataset(images, grades), batch_size=20, shuffle=True)
model = Cloudiness()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(6):
    model.train()
    total = 0.0
    for x, t in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), t)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(t)
    model.eval()
    with torch.no_grad():
        out = model(test_images)
    print(f"epoch {epoch} train loss {total / 800:.3f} test loss {criterion(out, test_grades).item():.3f} "
          f"test accuracy {(out.argmax(1) == test_grades).float().mean().item():.3f}")
