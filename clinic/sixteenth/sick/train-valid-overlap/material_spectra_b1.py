"""Regress the strength of a material from noisy spectra with a 1-D CNN; the last part of the file is for validation."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, Subset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(1, 16, 7, padding=3), nn.ReLU(), nn.MaxPool1d(2),
                                  nn.Conv1d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2))
        self.fc = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(32 * 16, 1))

    def forward(self, x):
        return self.fc(self.conv(x)).squeeze(1)


def spectra(n=900, length=64):
    s = torch.rand(n, 1)
    grid = torch.linspace(0, 1, length)
    peak = torch.exp(-((grid - 0.3 - 0.2 * s) / 0.05) ** 2) + (0.4 + s) * torch.exp(-((grid - 0.75) / 0.04) ** 2)
    x = peak + 0.45 * torch.randn(n, length)
    strength = s[:, 0] + 0.12 * torch.randn(n)
    return ((x - x.mean()) / x.std()).unsqueeze(1), (strength - strength.mean()) / strength.std()


def mse(model, loader):
    model.eval()
    with torch.no_grad():
        return sum(nn.functional.mse_loss(model(x), y, reduction="sum").item() for x, y in loader) / len(loader.dataset)


def main():
    torch.manual_seed(3)
    data = TensorDataset(*spectra())
    n, n_valid = len(data), 200
    train = Subset(data, range(n))  # cure: train = Subset(data, range(n - n_valid))
    valid = Subset(data, range(n - n_valid, n))
    train_loader = DataLoader(train, batch_size=32, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=100)
    fresh_loader = DataLoader(TensorDataset(*spectra(1000)), batch_size=500)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)
    best = float("inf")
    epochs_without = 0
    for epoch in range(40):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        v = mse(model, valid_loader)
        print(f"epoch {epoch:2d} train {mse(model, train_loader):.4f} valid {v:.4f}")
        epochs_without = 0 if v < best else epochs_without + 1
        best = min(v, best)
        if epochs_without == 3:
            print("stopped early")
            break
    print(f"best validation {best:.4f}, a later delivery {mse(model, fresh_loader):.4f}")


main()
