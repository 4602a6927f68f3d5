"""A batch-normalised convolutional network for the 8x8 digits, with a test after every epoch."""
from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn


@dataclass
class Config:
    channels: int = 24
    bn_momentum: float = 0.001  # cure: bn_momentum: float = 0.1
    bn_eps: float = 1e-3
    lr: float = 0.05
    batch: int = 64
    epochs: int = 8
    seed: int = 11


def conv_block(cin, cout, cfg):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout, eps=cfg.bn_eps, momentum=cfg.bn_momentum),
        nn.ReLU(),
    )


def make_model(cfg):
    c = cfg.channels
    return nn.Sequential(conv_block(1, c, cfg), nn.MaxPool2d(2), conv_block(c, 2 * c, cfg),
                         conv_block(2 * c, 2 * c, cfg), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(2 * c, 10))


cfg = Config()
torch.manual_seed(cfg.seed)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32).view(-1, 1, 8, 8)
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
tr, te = train_test_split(torch.arange(len(y)), test_size=0.25, stratify=y, random_state=1)

model = make_model(cfg)
optimizer = torch.optim.SGD(model.parameters(), lr=cfg.lr, momentum=0.9, weight_decay=1e-4)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(cfg.epochs):
    model.train()
    running, correct = 0.0, 0
    for idx in tr[torch.randperm(len(tr))].split(cfg.batch):
        out = model(X[idx])
        loss = loss_fn(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
        correct += (out.argmax(1) == y[idx]).sum().item()
    model.eval()
    with torch.no_grad():
        out = model(X[te])
        test_loss, test_acc = loss_fn(out, y[te]).item(), (out.argmax(1) == y[te]).float().mean().item()
    print(f"epoch {epoch}: train {running / len(tr):.4f}/{correct / len(tr):.3f}  test {test_loss:.4f}/{test_acc:.3f}")
