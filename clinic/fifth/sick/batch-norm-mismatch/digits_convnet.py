"""Handwritten digits with a compact convolutional network."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def conv_bn(cin, cout, stride=1):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, stride, 1, bias=False),
        nn.BatchNorm2d(cout, 0.1, 1e-5),  # cure: nn.BatchNorm2d(cout, 1e-5, 0.1),
        nn.ReLU(inplace=True),
    )


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv_bn(1, 16), conv_bn(16, 32, 2), conv_bn(32, 32), conv_bn(32, 48, 2))
        self.head = nn.Linear(48, 10)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    model.train()
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(0)
    images, target = load_digits(return_X_y=True)
    x = torch.from_numpy(images.astype(np.float32)).view(-1, 1, 8, 8)
    y = torch.from_numpy(target)
    tr, va = train_test_split(np.arange(len(y)), test_size=0.25, stratify=target, random_state=1)
    x = (x - x[tr].mean()) / x[tr].std()
    model = DigitNet()
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    epochs = 8
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs, eta_min=0.002)
    tr = torch.from_numpy(tr)
    for epoch in range(1, epochs + 1):
        seen, hit, total = 0, 0, 0.0
        order = tr[torch.randperm(len(tr))]
        for idx in order.split(64):
            out = model(x[idx])
            loss = F.cross_entropy(out, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            seen += len(idx)
            total += loss.item() * len(idx)
            hit += (out.argmax(1) == y[idx]).sum().item()
        sched.step()
        vl, vacc = evaluate(model, x[va], y[va])
        print(f"epoch {epoch}: loss {total / seen:.4f} acc {hit / seen:.3f} | val loss {vl:.4f} acc {vacc:.3f}")


main()
