"""Cancer diagnosis from cell measurements; SGD with the rate tied to the batch size (linear scaling rule)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

CONFIG = {"base_lr": 0.1, "batch_size": 64, "reference_batch": 64, "momentum": 0.9, "epochs": 12, "seed": 2}


def learning_rate(cfg):
    scale = cfg["batch_size"]  # cure: scale = cfg["batch_size"] / cfg["reference_batch"]
    return cfg["base_lr"] * scale


def get_loaders(cfg):
    X, y = load_breast_cancer(return_X_y=True)
    a, b, ya, yb = train_test_split(X, y, test_size=0.25, random_state=cfg["seed"], stratify=y)
    scaler = StandardScaler().fit(a)
    ds = [TensorDataset(torch.tensor(scaler.transform(v), dtype=torch.float32), torch.tensor(t, dtype=torch.float32))
          for v, t in ((a, ya), (b, yb))]
    return (DataLoader(ds[0], batch_size=cfg["batch_size"], shuffle=True, drop_last=True),
            DataLoader(ds[1], batch_size=256))


def evaluate(model, loader, criterion):
    model.eval()
    loss = hits = n = 0
    with torch.no_grad():
        for x, y in loader:
            z = model(x).squeeze(1)
            loss += criterion(z, y).item() * len(x)
            hits += ((z > 0) == (y > 0.5)).sum().item()
            n += len(x)
    return loss / n, hits / n


def main(cfg):
    torch.manual_seed(cfg["seed"])
    train, valid = get_loaders(cfg)
    model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1))
    opt = torch.optim.SGD(model.parameters(), lr=learning_rate(cfg), momentum=cfg["momentum"], weight_decay=1e-4)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(cfg["epochs"]):
        model.train()
        losses = []
        for x, y in train:
            loss = criterion(model(x).squeeze(1), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        vl, va = evaluate(model, valid, criterion)
        print(f"epoch {epoch:2d} train {sum(losses) / len(losses):.4f} valid {vl:.4f} acc {va:.3f}")


main(CONFIG)
