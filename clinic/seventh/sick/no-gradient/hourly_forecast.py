"""Two-stage forecaster: a convolutional encoder summarises the last 48 hours, an MLP predicts the next 6."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def load_series(n=3000, seed=8):
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    s = np.sin(2 * np.pi * t / 24 + 0.6 * np.sin(2 * np.pi * t / 171)) * (1 + 0.5 * np.sin(2 * np.pi * t / 97))
    s = s + 0.5 * np.sin(2 * np.pi * t / 7.3) + 0.1 * rng.standard_normal(n)
    return ((s - s.mean()) / s.std()).astype(np.float32)


class Forecaster(nn.Module):
    def __init__(self, horizon=6):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv1d(1, 16, 5, stride=2, padding=2), nn.ReLU(),
            nn.Conv1d(16, 16, 5, stride=2, padding=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(16 * 12, 6))
        self.head = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, horizon))

    @torch.no_grad()  # cure: delete
    def summarise(self, x):
        """Summary vector of a window, also used for the nearest-day plots."""
        return self.encoder(x.unsqueeze(1))

    def forward(self, x):
        return self.head(self.summarise(x))


def windows(s, past=48, horizon=6):
    idx = np.arange(len(s) - past - horizon)
    x = np.stack([s[i:i + past] for i in idx])
    y = np.stack([s[i + past:i + past + horizon] for i in idx])
    return torch.from_numpy(x), torch.from_numpy(y)


def main():
    torch.manual_seed(8)
    s = load_series()
    xtr, ytr = windows(s[:2400])
    xva, yva = windows(s[2400:])
    loader = DataLoader(TensorDataset(xtr, ytr), batch_size=64, shuffle=True)
    model = Forecaster()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(12):
        model.train()
        for x, y in loader:
            loss = nn.functional.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            tr = nn.functional.mse_loss(model(xtr), ytr).item()
            va = nn.functional.mse_loss(model(xva), yva).item()
        print(f"epoch {epoch + 1:2d} | train mse {tr:.4f} | valid mse {va:.4f}")


if __name__ == "__main__":
    main()
