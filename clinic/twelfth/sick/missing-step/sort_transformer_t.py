"""Transformer encoder that predicts the rank of every number in a short list (accumulated gradients)."""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Settings:
    length: int = 6
    dim: int = 32
    micro_batch: int = 64
    accumulation: int = 32  # cure: accumulation: int = 2
    epochs: int = 10
    lr: float = 3e-3


class Ranker(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.lift = nn.Linear(1, cfg.dim)
        layer = nn.TransformerEncoderLayer(cfg.dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(cfg.dim, cfg.length)

    def forward(self, x):
        return self.head(self.encoder(self.lift(x.unsqueeze(-1))))


def lists(n, cfg):
    x = torch.rand(n, cfg.length) * math.sqrt(12) - math.sqrt(3)
    return TensorDataset(x, x.argsort(1).argsort(1))


def train(cfg):
    torch.manual_seed(28)
    loader = DataLoader(lists(1920, cfg), batch_size=cfg.micro_batch, shuffle=True)
    test_x, test_y = lists(400, cfg).tensors
    model = Ranker(cfg)
    opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=1e-3)
    ce = nn.CrossEntropyLoss()
    for epoch in range(1, cfg.epochs + 1):
        model.train()
        opt.zero_grad()
        total = 0.0
        for i, (x, y) in enumerate(loader, start=1):
            loss = ce(model(x).flatten(0, 1), y.flatten())
            (loss / cfg.accumulation).backward()
            total += loss.item()
            if i % cfg.accumulation == 0:
                opt.step()
                opt.zero_grad()
        model.eval()
        with torch.no_grad():
            right = (model(test_x).argmax(2) == test_y).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / len(loader):.4f}  ranks right {right:.3f}")


if __name__ == "__main__":
    train(Settings())
