"""LeNet-like network on the digits with a milestone schedule: the rate changes by a factor of ten at epoch 12."""
import torch
from torch import nn
from sklearn.datasets import load_digits

CFG = dict(lr=0.03, momentum=0.9, epochs=18, milestones=[12], gamma=10, batch=40)  # cure: CFG = dict(lr=0.03, momentum=0.9, epochs=18, milestones=[12], gamma=0.1, batch=40)


def load():
    d = load_digits()
    x = torch.from_numpy(d.images).float().unsqueeze(1)
    x = x / 16
    x = (x - 0.305) / 0.376
    y = torch.from_numpy(d.target)
    order = torch.randperm(len(x))
    return x[order[:1400]], y[order[:1400]], x[order[1400:]], y[order[1400:]]


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Flatten(),
        nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 10))


def train(cfg):
    torch.manual_seed(10)
    x, y, xv, yv = load()
    net = lenet()
    opt = torch.optim.SGD(net.parameters(), lr=cfg["lr"], momentum=cfg["momentum"])
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, cfg["milestones"], gamma=cfg["gamma"])
    ce = nn.CrossEntropyLoss()
    for epoch in range(cfg["epochs"]):
        acc_loss = 0.0
        for idx in torch.randperm(len(x)).split(cfg["batch"]):
            opt.zero_grad()
            loss = ce(net(x[idx]), y[idx])
            loss.backward()
            opt.step()
            acc_loss += loss.item() * len(idx)
        sched.step()
        with torch.no_grad():
            acc = (net(xv).argmax(1) == yv).float().mean().item()
        print(f"ep {epoch + 1:2d} loss {acc_loss / len(x):.4f} val {acc:.4f}")


train(CFG)
