"""Deep residual MLP (14 gated blocks) on scikit-learn's digits."""
from dataclasses import dataclass
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


@dataclass
class Config:
    width: int = 64
    blocks: int = 14
    lr: float = 1e-3
    epochs: int = 12
    batch: int = 64
    seed: int = 0


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.inner = nn.Linear(d, d)
        self.outer = nn.Linear(d, d)

    def forward(self, x):
        update = self.outer(torch.sigmoid(self.inner(x)))
        return update  # cure: return x + update


def build(cfg):
    layers = [nn.Linear(64, cfg.width)] + [Block(cfg.width) for _ in range(cfg.blocks)]
    return nn.Sequential(*layers, nn.Linear(cfg.width, 10))


def main(cfg=Config()):
    torch.manual_seed(cfg.seed)
    X, y = load_digits(return_X_y=True)
    X = torch.tensor(X / 8.0 - 1.0, dtype=torch.float32)
    Xt, Xv, yt, yv = train_test_split(X, torch.tensor(y), test_size=0.25, random_state=0, stratify=y)
    loader = DataLoader(TensorDataset(Xt, yt), batch_size=cfg.batch, shuffle=True)
    model = build(cfg)
    optim = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    crit = nn.CrossEntropyLoss()
    for epoch in range(cfg.epochs):
        total = 0.0
        for xb, yb in loader:
            optim.zero_grad()
            loss = crit(model(xb), yb)
            loss.backward()
            optim.step()
            total += loss.item() * len(xb)
        with torch.no_grad():
            acc = (model(Xv).argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch + 1}: train loss {total / len(Xt):.4f}, test accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
