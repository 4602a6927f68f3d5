"""Five-fold cross-validation of a small network on the breast cancer data."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler


def make_model():
    return nn.Sequential(nn.Linear(30, 24), nn.GELU(), nn.Linear(24, 24), nn.GELU(), nn.Linear(24, 1))


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)


def main():
    torch.manual_seed(15)
    X, y = load_breast_cancer(return_X_y=True)
    model = make_model()
    optimizer = make_optimizer(model)
    loss_fn = nn.BCEWithLogitsLoss()
    scores = []
    for fold, (tr, va) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)):
        scaler = StandardScaler().fit(X[tr])
        xt, xv = (torch.tensor(scaler.transform(X[i]), dtype=torch.float32) for i in (tr, va))
        yt, yv = (torch.tensor(y[i], dtype=torch.float32) for i in (tr, va))
        model = make_model()
        # cure: optimizer = make_optimizer(model)
        for epoch in range(25):
            total = 0.0
            for idx in torch.randperm(len(xt)).split(32):
                loss = loss_fn(model(xt[idx]).squeeze(1), yt[idx])
                model.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item() * len(idx)
            if epoch % 8 == 0:
                print(f"  fold {fold} epoch {epoch} loss {total / len(xt):.4f}")
        with torch.no_grad():
            acc = ((model(xv).squeeze(1) > 0) == yv.bool()).float().mean().item()
        scores.append(acc)
        print(f"fold {fold}: accuracy {acc:.3f}")
    print(f"mean accuracy {np.mean(scores):.3f} +- {np.std(scores):.3f}")


main()
