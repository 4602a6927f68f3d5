"""Disease progression (diabetes data) with a ridge-like neural network."""
import torch
from sklearn.datasets import load_diabetes
from torch import nn

SEED, TRAIN, VALID = 7, 342, 100


def get_data():
    data = load_diabetes()
    order = torch.randperm(len(data.target), generator=torch.Generator().manual_seed(SEED))
    x = torch.tensor(data.data, dtype=torch.float32)[order]
    x = x / x.std(0)
    y = torch.tensor(data.target, dtype=torch.float32)[order]
    y = (y - y.mean()) / y.std()
    train = x[:TRAIN], y[:TRAIN]
    valid = x[:VALID], y[:VALID]  # cure: valid = x[-VALID:], y[-VALID:]
    return train, valid


def net():
    return nn.Sequential(nn.Linear(10, 32), nn.Softplus(), nn.Dropout(0.1), nn.Linear(32, 1), nn.Flatten(0))


def main():
    torch.manual_seed(SEED)
    (xt, yt), (xv, yv) = get_data()
    model = net()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
    mse = nn.MSELoss()
    for epoch in range(1, 61):
        model.train()
        for idx in torch.randperm(TRAIN).split(18):
            loss = mse(model(xt[idx]), yt[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % 10 == 0:
            model.eval()
            with torch.no_grad():
                print(f"epoch {epoch} train mse {mse(model(xt), yt):.4f} valid mse {mse(model(xv), yv):.4f}")


if __name__ == "__main__":
    main()
