"""Breast cancer diagnosis with an L1-penalised network (sparse weights are easier to explain to the clinic)."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def get_data(seed):
    x, y = load_breast_cancer(return_X_y=True)
    x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.3, stratify=y, random_state=seed)
    sc = StandardScaler().fit(x_tr)
    f = lambda a: torch.tensor(a, dtype=torch.float32)
    return f(sc.transform(x_tr)), f(y_tr), f(sc.transform(x_te)), f(y_te)


def l1(model):
    return sum(p.abs().sum() for name, p in model.named_parameters() if name.endswith("weight"))


def train(strength, epochs=30, seed=0):
    torch.manual_seed(seed)
    x_tr, y_tr, x_te, y_te = get_data(seed)
    model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1), nn.Flatten(0))
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    bce = nn.BCEWithLogitsLoss()
    loader = DataLoader(TensorDataset(x_tr, y_tr), batch_size=16, shuffle=True)
    for epoch in range(1, epochs + 1):
        fit_sum = pen_sum = 0.0
        for xb, yb in loader:
            fit = bce(model(xb), yb)
            penalty = strength * l1(model)
            opt.zero_grad()
            (fit + penalty).backward()
            opt.step()
            fit_sum, pen_sum = fit_sum + fit.item(), pen_sum + penalty.item()
        if epoch % 3 == 0:
            with torch.no_grad():
                out = model(x_te)
            print(f"epoch {epoch:2d}  bce {fit_sum / len(loader):.4f}  penalty {pen_sum / len(loader):.4f}  "
                  f"test bce {bce(out, y_te):.4f}  test acc {((out > 0) == (y_te > 0.5)).float().mean():.3f}")


if __name__ == "__main__":
    train(strength=0.1)  # cure: train(strength=0.001)
