"""Predict the progression of diabetes with a small batch-normalised network (averaged over the last epochs)."""
import argparse
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from torch.utils.data import DataLoader, TensorDataset, random_split

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch", type=int, default=2)  # cure: parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--epochs", type=int, default=25)
args = parser.parse_args()

torch.manual_seed(0)
X, y = load_diabetes(return_X_y=True, scaled=False)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32)[:, None]
train_set, valid_set = random_split(TensorDataset(X, y), [352, 90])
train_loader = DataLoader(train_set, args.batch, shuffle=True, drop_last=True)
valid_loader = DataLoader(valid_set, 90)

net = nn.Sequential(
    nn.Linear(10, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Linear(16, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(),
    nn.Linear(8, 1),
)
optimizer = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=0.1)
mse = nn.MSELoss()
for epoch in range(1, args.epochs + 1):
    net.train()
    total = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = mse(net(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item()
    net.eval()
    with torch.no_grad():
        valid = sum(mse(net(xb), yb).item() for xb, yb in valid_loader)
    print(f"epoch {epoch:2d} train mse {total / len(train_loader):.3f} valid mse {valid:.3f}")
