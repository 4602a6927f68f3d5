"""Robust digit classifier: every batch is first attacked (a climb on the loss, by the inputs), then learnt."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

EPS, CLIMB, STEPS = 0.25, 0.1, 4
torch.manual_seed(16)
x, y = load_digits(return_X_y=True)
xt, xv, yt, yv = train_test_split(x, y, test_size=0.25, random_state=16, stratify=y)
m, s = xt.mean(), xt.std()
xt, xv = (torch.tensor((a - m) / s, dtype=torch.float32) for a in (xt, xv))
yt, yv = torch.tensor(yt), torch.tensor(yv)


def attack(model, x, y):
    delta = torch.empty_like(x).uniform_(-EPS, EPS).requires_grad_()
    for _ in range(STEPS):
        loss = F.cross_entropy(model(x + delta), y)
        grad, = torch.autograd.grad(loss, delta)
        delta = (delta + CLIMB * grad.sign()).clamp(-EPS, EPS).detach().requires_grad_()
    return (x + delta).detach()


def accuracy(model, x, y):
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
for epoch in range(1, 16):
    total = 0.0
    for idx in torch.randperm(len(xt)).split(32):
        hard = attack(model, xt[idx], yt[idx])
        loss = F.cross_entropy(model(hard), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(xt)
    print(f"epoch {epoch:2d}: loss on attacked batches {total:.4f}, valid accuracy clean {accuracy(model, xv, yv):.3f}, attacked {accuracy(model, attack(model, xv, yv), yv):.3f}")
