"""Warn of freezers about to fail from 16-step traces of temperature, current and door state (1-D CNN)."""
import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score, recall_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def traces(n, rng, share=0.02):
    y = (rng.random(n) < share).astype(np.float32)
    t = np.arange(16)
    temp = rng.normal(0, 1, (n, 16)) + y[:, None] * rng.uniform(0.2, 1.1, (n, 1)) * t / 8
    current = np.sin(t + rng.uniform(0, 6.28, (n, 1))) * (1 - 0.35 * y[:, None]) + rng.normal(0, 0.5, (n, 16))
    door = (rng.random((n, 16)) < 0.2).astype(float)
    x = np.stack([temp, current * 1.4, (door - 0.2) / 0.4], axis=1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


class AlarmNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(3, 16, 5, padding=2), nn.ReLU(),
            nn.Conv1d(16, 16, 5, padding=2), nn.ReLU(),
        )
        self.out = nn.Linear(32, 1)

    def forward(self, x):
        h = self.conv(x)
        return self.out(torch.cat([h.mean(2), h.amax(2)], dim=1)).squeeze(1)


def validate(model, x, y):
    model.eval()
    with torch.no_grad():
        pred = (model(x) > 0).numpy()
    true = y.numpy() > 0.5
    return {"accuracy": (pred == true).mean(), "balanced": balanced_accuracy_score(true, pred),
            "recall": recall_score(true, pred, zero_division=0)}


def main(epochs=6):
    torch.manual_seed(18)
    rng = np.random.default_rng(18)
    x, y = traces(8000, rng)
    xv, yv = traces(4000, rng)
    loader = DataLoader(TensorDataset(x, y), batch_size=128, shuffle=True)
    model = AlarmNet()
    criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(y == 0).sum() / (y == 1).sum())
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
    for epoch in range(epochs):
        model.train()
        losses = []
        for xb, yb in loader:
            loss = criterion(model(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        scores = "  ".join(f"{k} {v:.3f}" for k, v in validate(model, xv, yv).items())
        print(f"epoch {epoch}  loss {np.mean(losses):.4f}  {scores}")


if __name__ == "__main__":
    main()
