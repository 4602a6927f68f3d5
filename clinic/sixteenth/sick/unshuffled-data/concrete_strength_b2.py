"""Strength of simulated concrete mixes: MLP regression with a DataLoader."""
import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset


class Mixes(Dataset):
    def __init__(self, n=2400, seed=14):
        rng = np.random.default_rng(seed)
        mix = rng.uniform(0, 1, size=(n, 7))
        strength = 30 + 40 * mix[:, 0] - 30 * mix[:, 1] + 15 * mix[:, 2] * mix[:, 0] + 12 * np.sqrt(mix[:, 3])
        strength += 5 * np.sin(6 * mix[:, 4]) + 2 * rng.normal(size=n)
        table = np.column_stack([mix, strength])[np.argsort(strength)]
        self.x = torch.tensor(StandardScaler().fit_transform(table[:, :7]), dtype=torch.float32)
        self.y = torch.tensor((table[:, 7:] - strength.mean()) / strength.std(), dtype=torch.float32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def main():
    torch.manual_seed(14)
    mixes = Mixes()
    every_fifth = np.arange(len(mixes)) % 5 == 0
    train = DataLoader(Subset(mixes, np.flatnonzero(~every_fifth)), batch_size=48)  # cure: train = DataLoader(Subset(mixes, np.flatnonzero(~every_fifth)), batch_size=48, shuffle=True)
    valid = DataLoader(Subset(mixes, np.flatnonzero(every_fifth)), batch_size=480)
    net = nn.Sequential(nn.Linear(7, 40), nn.ReLU(), nn.Linear(40, 20), nn.ReLU(), nn.Linear(20, 1))
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
    for epoch in range(30):
        net.train()
        losses = []
        for x, y in train:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        net.eval()
        with torch.no_grad():
            (x, y), = valid
            error = criterion(net(x), y).item()
            bias = (net(x) - y).mean().item()
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1:2d} train {np.mean(losses):.4f} valid {error:.4f} R2 {1 - error / y.var().item():.3f} bias {bias:+.3f}")


if __name__ == "__main__":
    main()
