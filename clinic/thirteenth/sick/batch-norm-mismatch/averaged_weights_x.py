"""Train an MLP on segment-like features and evaluate a slowly moving average of its weights."""
import copy

import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification


class Averager:
    """Keeps an exponential moving average of a model."""

    def __init__(self, model, decay=0.97):
        self.decay = decay
        self.shadow = copy.deepcopy(model).eval()

    @torch.no_grad()
    def update(self, model):
        for s, p in zip(self.shadow.parameters(), model.parameters()):
            s.mul_(self.decay).add_(p, alpha=1 - self.decay)
        # cure: for s, b in zip(self.shadow.buffers(), model.buffers()):
        # cure:     s.copy_(b)


def run():
    torch.manual_seed(5)
    X, y = make_classification(3600, 24, n_informative=12, n_classes=5, n_clusters_per_class=2, class_sep=1.8,
                               flip_y=0.01, random_state=5)
    X = (X - X[:2800].mean(0)) / X[:2800].std(0)
    X, y = torch.from_numpy(X.astype(np.float32)), torch.from_numpy(y)
    layers, width = [], 24
    for h in (64, 64, 48):
        layers += [nn.Linear(width, h), nn.BatchNorm1d(h), nn.SiLU()]
        width = h
    model = nn.Sequential(*layers, nn.Linear(width, 5))
    ema = Averager(model)
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    ce = nn.CrossEntropyLoss()
    for epoch in range(12):
        model.train()
        order = torch.randperm(2800)
        losses = []
        for k in range(0, 2800, 70):
            i = order[k:k + 70]
            loss = ce(model(X[i]), y[i])
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            ema.update(model)
            losses.append(loss.item())
        with torch.no_grad():
            out = ema.shadow(X[2800:])
            acc = (out.argmax(1) == y[2800:]).double().mean().item()
        print("epoch %2d | loss %.4f | averaged model: loss %.4f acc %.4f"
              % (epoch, np.mean(losses), ce(out, y[2800:]).item(), acc))


if __name__ == "__main__":
    run()
