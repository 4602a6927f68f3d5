"""Will it rain in the next hour?  A GRU reads 12 hours of pressure (Pa), temperature (K), humidity (%) and wind (m/s)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def make_weather(n, hours=12, seed=0):
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(n, hours, 4)).cumsum(1) * np.array([60.0, 0.5, 2.0, 0.4])
    start = rng.normal(size=(n, 1, 4)) * np.array([700.0, 6.0, 10.0, 1.5]) + np.array([101325.0, 285.0, 65.0, 5.0])
    x = start + walk
    fall = (x[:, 0, 0] - x[:, -1, 0]) / 200
    score = 1.5 * fall + (x[:, -1, 2] - 65) / 8 - (x[:, -1, 0] - 101325) / 900 + 0.5 * rng.logistic(size=n)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(score > 0, dtype=torch.float32)


class RainNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(4, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.head(h[-1]).squeeze(-1)


def evaluate(model, loader):
    model.eval()
    right = count = 0
    with torch.no_grad():
        for x, y in loader:
            right += ((model(x) > 0) == (y > 0.5)).sum().item()
            count += len(y)
    return right / count


def main():
    torch.manual_seed(0)
    x, y = make_weather(4000)
    # cure: x = (x - x.mean(dim=(0, 1))) / x.std(dim=(0, 1))
    train, valid = random_split(TensorDataset(x, y), [3200, 800])
    train, valid = DataLoader(train, batch_size=64, shuffle=True), DataLoader(valid, batch_size=400)
    model = RainNet()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(15):
        model.train()
        total = 0.0
        for xb, yb in train:
            opt.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"Epoch {epoch + 1}/15 - loss: {total / len(train):.4f} - valid acc: {evaluate(model, valid):.4f}")


if __name__ == "__main__":
    main()
