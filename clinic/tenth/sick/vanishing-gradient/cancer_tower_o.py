"""Diagnosis from cell measurements (breast cancer data) with a tall stack of equal layers."""
import argparse

import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int, default=10)
parser.add_argument("--width", type=int, default=40)
parser.add_argument("--epochs", type=int, default=15)
args = parser.parse_args()
torch.manual_seed(11)


def block(n_in, n_out):
    linear = nn.Linear(n_in, n_out)
    nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
    return nn.Sequential(
        linear,
        nn.Sigmoid(),  # cure: nn.ReLU(),
    )


def tower(n_in, width, depth):
    blocks = [block(n_in, width)]
    blocks += [block(width, width) for _ in range(depth - 1)]
    return nn.Sequential(*blocks, nn.Linear(width, 2))


X, y = load_breast_cancer(return_X_y=True)
Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
scaler = StandardScaler().fit(Xtr)
Xtr = torch.tensor(scaler.transform(Xtr), dtype=torch.float32)
Xva = torch.tensor(scaler.transform(Xva), dtype=torch.float32)
ytr, yva = torch.tensor(ytr), torch.tensor(yva)

net = tower(Xtr.shape[1], args.width, args.depth)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()
loader = DataLoader(TensorDataset(Xtr, ytr), batch_size=16, shuffle=True)
for epoch in range(args.epochs):
    running = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        opt.step()
        running += loss.item() * len(xb)
    with torch.no_grad():
        acc = (net(Xva).argmax(1) == yva).float().mean()
    print(f"epoch {epoch:2d} train loss {running / len(Xtr):.4f} valid acc {acc:.3f}")
