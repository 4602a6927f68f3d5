"""Topic of a short bag-of-words note: few notes, many words, hence strong dropout."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass
class Config:
    words: int = 300
    topics: int = 4
    notes: int = 400
    hidden: int = 128
    dropout: float = 0.6
    augment: bool = False
    lr: float = 1e-3
    epochs: int = 28
    seed: int = 10


def corpus(cfg, n, rng, profile):
    topic = rng.integers(cfg.topics, size=n)
    bags = np.stack([rng.multinomial(25, profile[t]) for t in topic])
    noisy = rng.random(n) < 0.08
    topic[noisy] = rng.integers(cfg.topics, size=noisy.sum())
    return torch.tensor(np.sqrt(bags), dtype=torch.float32), torch.tensor(topic)


class TopicNet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.net = nn.Sequential(nn.Dropout(cfg.dropout / 2), nn.Linear(cfg.words, cfg.hidden), nn.ReLU(),
                                 nn.Dropout(cfg.dropout), nn.Linear(cfg.hidden, cfg.topics))

    def forward(self, x):
        return self.net(x)


def run_phase(model, x, y, cfg, opt=None):
    training = opt is not None
    model.train(mode=training and cfg.augment)  # cure: model.train(mode=training)
    losses, hits = [], 0
    for idx in torch.randperm(len(x)).split(40):
        xb = x[idx] * (torch.rand_like(x[idx]) < 0.9) if training and cfg.augment else x[idx]
        with torch.set_grad_enabled(training):
            out = model(xb)
            loss = nn.functional.cross_entropy(out, y[idx])
        if training:
            opt.zero_grad()
            loss.backward()
            opt.step()
        losses.append(loss.item())
        hits += (out.argmax(1) == y[idx]).sum().item()
    return np.mean(losses), hits / len(x)


cfg = Config()
rng = np.random.default_rng(cfg.seed)
torch.manual_seed(cfg.seed)
base = rng.dirichlet(np.full(cfg.words, 0.5))
profile = np.stack([0.6 * base + 0.4 * rng.dirichlet(np.full(cfg.words, 0.5)) for _ in range(cfg.topics)])
x, y = corpus(cfg, cfg.notes, rng, profile)
xv, yv = corpus(cfg, 600, rng, profile)
model = TopicNet(cfg)
opt = torch.optim.AdamW(model.parameters(), lr=cfg.lr, weight_decay=0.05)
for epoch in range(cfg.epochs):
    tr = run_phase(model, x, y, cfg, opt)
    va = run_phase(model, xv, yv, cfg)
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1:2d} train {tr[0]:.3f}/{tr[1]:.3f} valid {va[0]:.3f}/{va[1]:.3f}")
