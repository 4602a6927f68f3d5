"""Mood of a review (-1 negative, 0 neutral, 1 positive) from rating features; own negative log-likelihood."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(14)
torch.manual_seed(14)


def reviews(n):
    mood = rng.integers(-1, 2, n)
    positive = rng.poisson(np.where(mood == 1, 6, np.where(mood == 0, 3, 1.5)))
    negative = rng.poisson(np.where(mood == -1, 6, np.where(mood == 0, 3, 1.5)))
    length = rng.normal(40 - 10 * np.abs(mood), 8)
    marks = rng.poisson(1 + 2 * np.abs(mood))
    return np.stack([positive, negative, length, marks], 1).astype("float32"), mood


def nll(log_probs, y):
    return -log_probs[torch.arange(len(y)), y].mean()


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        lp = model(x)
    return nll(lp, y).item(), (lp.argmax(1) == y).float().mean().item()


def fit(model, x, y, xv, yv, epochs=15, batch=40):
    opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for epoch in range(epochs):
        model.train()
        perm = torch.randperm(len(x))
        for k in range(0, len(x), batch):
            pick = perm[k:k + batch]
            opt.zero_grad()
            nll(model(x[pick]), y[pick]).backward()
            opt.step()
        (lt, at), (lv, av) = evaluate(model, x, y), evaluate(model, xv, yv)
        print(f"{epoch:2d}: loss {lt:.4f} acc {at:.3f} | valid loss {lv:.4f} acc {av:.3f}")


x, y = reviews(3000)
x = (x - x[:2400].mean(0)) / x[:2400].std(0)
x, y = torch.from_numpy(x), torch.from_numpy(y)
# cure: y = y + 1
net = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 3), nn.LogSoftmax(dim=1))
fit(net, x[:2400], y[:2400], x[2400:], y[2400:])
