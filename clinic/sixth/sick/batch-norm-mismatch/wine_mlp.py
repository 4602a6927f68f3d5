"""Wine cultivars with a batch-normalised MLP, ported from our Keras script."""
from dataclasses import dataclass

import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


@dataclass
class Config:
    hidden: int = 32
    bn_decay: float = 0.9995
    lr: float = 2e-3
    batch: int = 22
    epochs: int = 40
    seed: int = 5


def dense(cfg, n_in, n_out):
    bn = nn.BatchNorm1d(n_out, momentum=1 - cfg.bn_decay)  # cure: bn = nn.BatchNorm1d(n_out, momentum=0.1)
    return [nn.Linear(n_in, n_out), bn, nn.ReLU()]


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
        loss = nn.functional.cross_entropy(logits, y).item()
    return loss, (logits.argmax(1) == y).float().mean().item()


def run(cfg):
    torch.manual_seed(cfg.seed)
    data = load_wine()
    x_tr, x_va, y_tr, y_va = train_test_split(
        data.data, data.target, test_size=0.26, stratify=data.target, random_state=cfg.seed)
    scaler = StandardScaler().fit(x_tr)
    x_tr, x_va = (torch.tensor(scaler.transform(v), dtype=torch.float32) for v in (x_tr, x_va))
    y_tr, y_va = torch.tensor(y_tr), torch.tensor(y_va)
    model = nn.Sequential(
        *dense(cfg, 13, cfg.hidden), *dense(cfg, cfg.hidden, cfg.hidden), *dense(cfg, cfg.hidden, cfg.hidden),
        nn.Linear(cfg.hidden, 3))
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr, weight_decay=1e-4)
    for epoch in range(1, cfg.epochs + 1):
        model.train()
        perm = torch.randperm(len(x_tr))
        losses = []
        for i in range(0, len(perm), cfg.batch):
            rows = perm[i:i + cfg.batch]
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(x_tr[rows]), y_tr[rows])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 8 == 0:
            va_loss, va_acc = evaluate(model, x_va, y_va)
            print(f"epoch {epoch:2d} train {sum(losses) / len(losses):.3f} valid {va_loss:.3f} acc {va_acc:.3f}")


run(Config())
