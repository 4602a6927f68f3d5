"""Forest cover type (classes 1..5, as in the survey's coding) from elevation, slope, wetness and light."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CLASSES = ["spruce", "pine", "willow", "aspen", "fir"]


def survey(n, seed):
    rng = np.random.default_rng(seed)
    code = rng.choice([1, 2, 3, 4, 5], size=n, p=[0.32, 0.32, 0.2, 0.15, 0.01])
    centre = np.array([[0, 0, 0, 0], [1.5, -1, 0, 1], [-1.5, 1, 1, 0], [0, 1.5, -1, -1.5], [2, 2, 1, -1]])
    feats = centre[code - 1] + rng.normal(0, 0.7, (n, 4))
    return feats.astype("float32"), code


def main():
    torch.manual_seed(0)
    x, y = survey(2000, 0)
    xv, yv = survey(600, 1)
    # cure: y, yv = y - 1, yv - 1
    mu, sd = x.mean(0), x.std(0)
    train = TensorDataset(torch.tensor((x - mu) / sd), torch.tensor(y))
    loader = DataLoader(train, batch_size=32, shuffle=True)
    xv, yv = torch.tensor((xv - mu) / sd), torch.tensor(yv)
    model = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, len(CLASSES)))
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    lossf = nn.CrossEntropyLoss()
    for epoch in range(10):
        for i, (xb, yb) in enumerate(loader):
            loss = lossf(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            if i % 30 == 0:
                print(f"epoch {epoch} batch {i} loss {loss.item():.4f}")
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean()
        print(f"epoch {epoch}: validation accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
