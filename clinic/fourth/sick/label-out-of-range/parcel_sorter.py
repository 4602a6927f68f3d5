"""Choose the sorting chute of a parcel from its size, weight and destination sector."""
from dataclasses import dataclass, field

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class SorterConfig:
    # chutes are numbered 1 to 9 in the warehouse plan
    n_chutes: int = 9
    hidden: list = field(default_factory=lambda: [64, 32])
    lr: float = 2e-3
    epochs: int = 12
    batch_size: int = 50


def parcels(n, gen):
    size = torch.rand(n, 3, generator=gen)
    weight = size.prod(1) * 8 * (0.5 + torch.rand(n, generator=gen))
    sector = torch.randint(3, (n,), generator=gen)
    bulky = (size.sum(1) > 1.5).long() + (weight > 1.6).long()
    chute = 1 + 3 * sector + bulky
    x = torch.cat([size * 3.4 - 1.7, (weight[:, None] - 1).clamp(-1, 3), nn.functional.one_hot(sector).float()], dim=1)
    return x, chute


def make_mlp(n_in, hidden, n_out):
    layers = []
    for width in hidden:
        layers += [nn.Linear(n_in, width), nn.ReLU()]
        n_in = width
    return nn.Sequential(*layers, nn.Linear(n_in, n_out))


def main(cfg: SorterConfig):
    torch.manual_seed(77)
    gen = torch.Generator().manual_seed(77)
    x, chute = parcels(6000, gen)
    y = chute  # cure: y = chute - 1
    train_loader = DataLoader(TensorDataset(x[:5000], y[:5000]), cfg.batch_size, shuffle=True)
    model = make_mlp(x.shape[1], cfg.hidden, cfg.n_chutes)
    optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    criterion = nn.CrossEntropyLoss()
    print(f"{len(x)} parcels, {cfg.n_chutes} chutes, {sum(p.numel() for p in model.parameters())} weights")
    for epoch in range(cfg.epochs):
        model.train()
        total = 0.0
        for xb, yb in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item()
        model.eval()
        with torch.no_grad():
            acc = (model(x[5000:]).argmax(1) == y[5000:]).float().mean().item()
        print(f"epoch {epoch + 1:2d}/{cfg.epochs}  loss {total / len(train_loader):.4f}  accuracy {acc:.4f}")


if __name__ == "__main__":
    main(SorterConfig())
