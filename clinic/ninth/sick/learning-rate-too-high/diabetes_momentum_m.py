"""Disease progression (diabetes data) by a small network and SGD with momentum."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def load():
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    y = (y - y.mean()) / y.std()
    parts = train_test_split(X, y[:, None], test_size=0.25, random_state=1)
    return [torch.tensor(p, dtype=torch.float32) for p in parts]


def make_optimizer(model, base_lr=0.005, batch_size=32):
    lr = base_lr * batch_size  # cure: lr = base_lr * batch_size / 32
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def main():
    torch.manual_seed(19)
    X, Xt, y, yt = load()
    loader = DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1))
    optimizer = make_optimizer(model)
    for epoch in range(1, 25):
        losses = []
        for xb, yb in loader:
            loss = nn.functional.mse_loss(model(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if epoch % 3 == 0:
            with torch.no_grad():
                mse = nn.functional.mse_loss(model(Xt), yt).item()
            print(f"epoch {epoch:2d}: train mse {sum(losses) / len(losses):.4f} test mse {mse:.4f} "
                  f"R2 {1 - mse / yt.var().item():.3f}")


if __name__ == "__main__":
    main()
