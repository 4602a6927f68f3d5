"""Forecast the Henon map (a chaotic series) one step ahead with a small temporal convolutional network."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

CONTEXT = 8


def henon(n, a=1.4, b=0.3):
    x, y, out = 0.1, 0.1, []
    for _ in range(n + 100):
        x, y = 1 - a * x * x + y, b * x
        out.append(x)
    series = np.array(out[100:], dtype=np.float32)
    return (series - series.mean()) / series.std()


class Windows(Dataset):
    def __init__(self, series):
        self.series = torch.from_numpy(series)

    def __len__(self):
        return len(self.series) - CONTEXT

    def __getitem__(self, i):
        return self.series[i:i + CONTEXT].unsqueeze(0), self.series[i + CONTEXT]


def build():
    return nn.Sequential(
        nn.Conv1d(1, 16, 3),
        # cure: nn.ReLU(),
        nn.Conv1d(16, 32, 3),
        # cure: nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * (CONTEXT - 4), 32),
        # cure: nn.ReLU(),
        nn.Linear(32, 1),
        nn.Flatten(0),
    )


def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        err = [(model(w) - t).pow(2) for w, t in loader]
    return torch.cat(err).mean().item()


def main():
    torch.manual_seed(0)
    series = henon(3000)
    train = DataLoader(Windows(series[:2400]), batch_size=32, shuffle=True)
    test = DataLoader(Windows(series[2400:]), batch_size=256)
    model = build()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(1, 16):
        model.train()
        losses = []
        for w, t in train:
            loss = nn.functional.mse_loss(model(w), t)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        print(f"epoch {epoch:2d}: train mse {np.mean(losses):.4f}  test mse {evaluate(model, test):.4f}")


if __name__ == "__main__":
    main()
