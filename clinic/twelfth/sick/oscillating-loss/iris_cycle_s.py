"""Softmax regression on pairwise products of the iris features, with a cyclic learning rate."""
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from torch.optim.lr_scheduler import CyclicLR
from torch.utils.data import DataLoader, TensorDataset

SEED, EPOCHS, BATCH = 0, 80, 16


def prepare():
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    X = StandardScaler().fit_transform(PolynomialFeatures(2, include_bias=False).fit_transform(X))
    parts = train_test_split(X, y, test_size=1 / 3, random_state=SEED, stratify=y)
    xa, xb, ya, yb = (torch.tensor(p) for p in parts)
    return xa.float(), xb.float(), ya, yb


def main():
    torch.manual_seed(SEED)
    xa, xb, ya, yb = prepare()
    loader = DataLoader(TensorDataset(xa, ya), batch_size=BATCH, shuffle=True, drop_last=True)
    model = torch.nn.Linear(xa.shape[1], 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, weight_decay=2e-3)
    half = 5 * len(loader)
    scheduler = CyclicLR(optimizer, base_lr=0.01, max_lr=8.0, step_size_up=half, mode="triangular")  # cure: scheduler = CyclicLR(optimizer, base_lr=0.01, max_lr=0.5, step_size_up=half, mode="triangular2")
    loss_fn = torch.nn.CrossEntropyLoss()
    for epoch in range(1, EPOCHS + 1):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item()
        if epoch % 4 == 0 or epoch > EPOCHS - 10:
            with torch.no_grad():
                out = model(xb)
            print(f"epoch {epoch:3d}  lr {scheduler.get_last_lr()[0]:.3f}  train {total / len(loader):.4f}  "
                  f"valid {loss_fn(out, yb).item():.4f}  accuracy {(out.argmax(1) == yb).float().mean().item():.3f}")


if __name__ == "__main__":
    main()
