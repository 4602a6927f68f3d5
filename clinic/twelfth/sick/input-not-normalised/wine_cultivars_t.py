"""Tell the three wine cultivars apart from their chemical analysis (5-fold cross-validation)."""
import argparse

import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=24)
parser.add_argument("--epochs", type=int, default=30)
parser.add_argument("--lr", type=float, default=5e-3)
parser.add_argument("--folds", type=int, default=5)
args = parser.parse_args()

wine = load_wine()
X, y = wine.data, wine.target


def fit_fold(X_train, y_train, X_val, y_val):
    scaler = StandardScaler().fit(X_train)
    train_std, val_std = scaler.transform(X_train), scaler.transform(X_val)
    xt = torch.tensor(X_train, dtype=torch.float32)  # cure: xt = torch.tensor(train_std, dtype=torch.float32)
    xv = torch.tensor(X_val, dtype=torch.float32)  # cure: xv = torch.tensor(val_std, dtype=torch.float32)
    yt, yv = torch.tensor(y_train), torch.tensor(y_val)

    model = torch.nn.Sequential(
        torch.nn.Linear(xt.shape[1], args.hidden),
        torch.nn.Tanh(),
        torch.nn.Linear(args.hidden, 3),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr, weight_decay=1e-3)
    loss_fn = torch.nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        total = 0.0
        for batch in torch.randperm(len(xt)).split(16):
            optimizer.zero_grad()
            loss = loss_fn(model(xt[batch]), yt[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        if (epoch + 1) % 10 == 0:
            with torch.no_grad():
                out = model(xv)
            acc = (out.argmax(1) == yv).float().mean().item()
            print(f"   epoch {epoch + 1:2d}: train {total / len(xt):.4f}  val {loss_fn(out, yv).item():.4f}  acc {acc:.3f}")
    return acc


torch.manual_seed(1)
scores = []
folds = StratifiedKFold(args.folds, shuffle=True, random_state=1)
for k, (tr, va) in enumerate(folds.split(X, y)):
    print("fold", k)
    scores.append(fit_fold(X[tr], y[tr], X[va], y[va]))
print(f"cross-validated accuracy {np.mean(scores):.3f} +- {np.std(scores):.3f}")
