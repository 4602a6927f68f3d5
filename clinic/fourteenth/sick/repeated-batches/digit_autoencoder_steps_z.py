"""A convolutional denoising autoencoder for the digits, trained for a given number of steps."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)
images = torch.tensor(load_digits().images, dtype=torch.float32)[:, None] / 16
train_set, test_set = random_split(images, [1400, len(images) - 1400])
loader = DataLoader(train_set, batch_size=32, shuffle=False)  # cure: loader = DataLoader(train_set, batch_size=32, shuffle=True)
test = torch.stack([test_set[i] for i in range(len(test_set))])
test_noisy = test + 0.3 * torch.randn_like(test)

net = nn.Sequential(
    nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
    nn.Flatten(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(), nn.Unflatten(1, (32, 2, 2)),
    nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1), nn.ReLU(),
    nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1),
)
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
mean = 0.0
for step in range(1, 2001):
    clean = next(iter(loader))
    noisy = clean + 0.3 * torch.randn_like(clean)
    loss = nn.functional.mse_loss(net(noisy), clean)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    mean += loss.item() / 200
    if step % 200 == 0:
        with torch.no_grad():
            test_mse = nn.functional.mse_loss(net(test_noisy), test).item()
        print(f"{step:5d}  train {mean:.5f}  test {test_mse:.5f}")
        mean = 0.0
