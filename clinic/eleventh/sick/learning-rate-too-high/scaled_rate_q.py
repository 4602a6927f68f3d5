"""Breast-cancer classifier; the rate follows the linear scaling rule (base rate per reference batch size)."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.preprocessing import scale
from torch.utils.data import DataLoader, TensorDataset

BASE_LR = 0.02
BATCH = 64
REFERENCE_BATCH = 32


def scaled_lr(base, batch):
    return base * batch * REFERENCE_BATCH  # cure: return base * batch / REFERENCE_BATCH


def loaders():
    X, y = load_breast_cancer(return_X_y=True)
    X = torch.tensor(scale(X), dtype=torch.float32)
    y = torch.tensor(y, dtype=torch.float32)
    tr, te = next(StratifiedShuffleSplit(1, test_size=0.25, random_state=3).split(X, y))
    return (DataLoader(TensorDataset(X[tr], y[tr]), batch_size=BATCH, shuffle=True),
            DataLoader(TensorDataset(X[te], y[te]), batch_size=256))


def run(model, loader, criterion, optimizer=None):
    total, correct, count = 0.0, 0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for xb, yb in loader:
            logit = model(xb).squeeze(1)
            loss = criterion(logit, yb)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(yb)
            correct += ((logit > 0) == yb.bool()).sum().item()
            count += len(yb)
    return total / count, correct / count


if __name__ == "__main__":
    torch.manual_seed(3)
    train_loader, test_loader = loaders()
    model = nn.Sequential(nn.Linear(30, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=scaled_lr(BASE_LR, BATCH), weight_decay=1e-4)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(1, 31):
        tl, ta = run(model, train_loader, criterion, optimizer)
        vl, va = run(model, test_loader, criterion)
        if epoch % 5 == 0:
            print(f"epoch {epoch:3d}  train {tl:.3f}/{ta:.3f}  test {vl:.3f}/{va:.3f}")
