"""Digits with a width-scalable depthwise-separable conv net (MobileNet style)."""
from dataclasses import dataclass

import torch
import torch.nn as nn
from sklearn.datasets import load_digits


@dataclass
class ModelConfig:
    width_mult: float = 0.1  # cure: width_mult: float = 1.0
    base: tuple = (24, 32, 48)
    divisor: int = 2
    classes: int = 10


def channels(c, cfg):
    return max(cfg.divisor, int(c * cfg.width_mult) // cfg.divisor * cfg.divisor)


def separable(i, o, stride):
    return nn.Sequential(
        nn.Conv2d(i, i, 3, stride=stride, padding=1, groups=i, bias=False), nn.BatchNorm2d(i), nn.SiLU(),
        nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o), nn.SiLU())


class SlimNet(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        a, b, c = (channels(v, cfg) for v in cfg.base)
        self.stem = nn.Sequential(nn.Conv2d(1, a, 3, padding=1, bias=False), nn.BatchNorm2d(a), nn.SiLU())
        self.stages = nn.Sequential(separable(a, b, 1), separable(b, c, 2))
        self.classifier = nn.Linear(c, cfg.classes)

    def forward(self, x):
        h = self.stages(self.stem(x))
        return self.classifier(h.mean((2, 3)))


def run_epoch(model, x, y, optimizer=None, batch=50):
    model.train(optimizer is not None)
    order = torch.randperm(len(x)) if optimizer else torch.arange(len(x))
    loss_sum, right = 0.0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for idx in order.split(batch):
            out = model(x[idx])
            loss = nn.functional.cross_entropy(out, y[idx])
            if optimizer:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss_sum += loss.item() * len(idx)
            right += (out.argmax(1) == y[idx]).sum().item()
    return loss_sum / len(x), right / len(x)


def main():
    torch.manual_seed(23)
    d = load_digits()
    perm = torch.randperm(len(d.target))
    x = (torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)[perm] - 4.88) / 6.02
    y = torch.tensor(d.target)[perm]
    model = SlimNet(ModelConfig())
    print("parameters:", sum(p.numel() for p in model.parameters()))
    optimizer = torch.optim.AdamW(model.parameters(), lr=8e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 16, eta_min=4e-4)
    for epoch in range(16):
        tl, ta = run_epoch(model, x[:1400], y[:1400], optimizer)
        vl, va = run_epoch(model, x[1400:], y[1400:])
        schedule.step()
        print(f"{epoch:2d} train {tl:.3f}/{ta:.3f} val {vl:.3f}/{va:.3f}")


main()
