"""Predict the remaining life of a machine (fraction) from a window of its vibration and heat with a two-layer LSTM."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


def machines(n, length=24):
    life = torch.rand(n, 1)
    wear = (1 - life) ** 2
    t = torch.arange(length).float()
    vibration = (0.5 + 1.5 * wear) * torch.sin(t * 1.3 + 6 * torch.rand(n, 1)) + 0.1 * torch.randn(n, length)
    heat = wear * 2 - 1 + 0.02 * t * wear + 0.3 * torch.randn(n, length)
    return torch.stack([vibration, heat], dim=2), life


class LifeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 32, num_layers=2, dropout=0.3, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(32, 1))

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out.mean(dim=1))


def validate(model, loader, criterion):
    # cure: model.eval()
    error = 0.0
    with torch.no_grad():
        for x, y in loader:
            error += criterion(model(x), y).item() * len(x)
    return error / len(loader.dataset)


train_loader = DataLoader(TensorDataset(*machines(2000)), batch_size=50, shuffle=True)
valid_loader = DataLoader(TensorDataset(*machines(500)), batch_size=100)
model, criterion = LifeNet(), nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1.5e-3)
for epoch in range(20):
    model.train()
    running = 0.0
    for x, y in train_loader:
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(x)
    print(f"epoch {epoch + 1:2d}: train mse {running / 2000:.4f}, valid mse {validate(model, valid_loader, criterion):.4f}")
