"""A deep, narrow network with batch normalisation on the 8x8 digits, with a summary printed first."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def block(n):
    return nn.Sequential(nn.Linear(n, n, bias=False), nn.BatchNorm1d(n), nn.ReLU())


def build(depth=10, width=64):
    return nn.Sequential(*[block(width) for _ in range(depth)], nn.Linear(width, 10))


def summary(model, sample):
    model.eval()
    print("parameters:", sum(p.numel() for p in model.parameters()))
    with torch.no_grad():
        h = sample
        for i, layer in enumerate(model):
            h = layer(h)
            print(f"  {i:2d} {type(layer).__name__:12s} -> {tuple(h.shape)}")
    # cure: model.train()


def run_epoch(model, loader, optimizer, criterion):
    total, n = 0.0, 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        total, n = total + loss.item() * len(yb), n + len(yb)
    return total / n


def main():
    torch.manual_seed(0)
    data = load_digits()
    xa, xv, ya, yv = train_test_split(data.data, data.target, test_size=0.3, random_state=1, stratify=data.target)
    mu, sd = xa.mean(), xa.std()
    as_x = lambda a: torch.tensor((a - mu) / sd, dtype=torch.float32)
    xa, xv, ya, yv = as_x(xa), as_x(xv), torch.tensor(ya), torch.tensor(yv)
    loader = DataLoader(TensorDataset(xa, ya), batch_size=64, shuffle=True, drop_last=True)
    model = build()
    summary(model, xa[:2])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 12)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(12):
        loss = run_epoch(model, loader, optimizer, criterion)
        schedule.step()
        snapshot = build()
        snapshot.load_state_dict(model.state_dict())
        snapshot.eval()
        with torch.no_grad():
            out = snapshot(xv)
        print(f"epoch {epoch} train loss {loss:.4f} valid loss {criterion(out, yv).item():.4f} "
              f"valid acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
