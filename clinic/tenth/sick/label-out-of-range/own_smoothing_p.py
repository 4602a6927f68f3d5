"""Digits with a hand-written label-smoothing cross entropy and a two-layer network."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

CLASSES = 9  # cure: CLASSES = 10
SMOOTH = 0.05


def smooth_ce(logits, target):
    logp = logits.log_softmax(1)
    onehot = (target[:, None] == torch.arange(CLASSES)).float()
    soft = onehot * (1 - SMOOTH) + SMOOTH / CLASSES
    return -(soft * logp).sum(1).mean()


def load():
    d = load_digits()
    x = torch.tensor(d.data / 16.0 - 0.305, dtype=torch.float32) / 0.376
    parts = train_test_split(x, torch.tensor(d.target), test_size=0.3, random_state=4, stratify=d.target)
    return parts


def fit(epochs=20):
    torch.manual_seed(4)
    xa, xb, ya, yb = load()
    net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.25), nn.Linear(96, CLASSES))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
    for epoch in range(epochs):
        net.train()
        tot = 0.0
        for b in torch.randperm(len(xa)).split(64):
            opt.zero_grad()
            loss = smooth_ce(net(xa[b]), ya[b])
            loss.backward()
            opt.step()
            tot += loss.item() * len(b)
        sched.step()
        net.eval()
        with torch.no_grad():
            pred = net(xb).argmax(1)
        print(f"epoch {epoch:2d}  loss {tot / len(xa):.4f}  val acc {(pred == yb).float().mean():.4f}")


fit()
