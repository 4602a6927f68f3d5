"""Knowledge distillation: a wide teacher on the digits, then a narrow student trained on its soft answers."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

TEMPERATURE = 3.0


def net(hidden):
    return nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def supervised_step(model, x, y):
    return F.cross_entropy(model(x), y)


def distil_step(student, teacher, x):
    with torch.no_grad():
        soft = F.softmax(teacher(x) / TEMPERATURE, dim=1)
    guess = student(x) / TEMPERATURE  # cure: guess = F.log_softmax(student(x) / TEMPERATURE, dim=1)
    return TEMPERATURE ** 2 * F.kl_div(guess, soft, reduction="batchmean")


def accuracy(model, x, y):
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def train(model, step, x, epochs, lr, report):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(64):
            loss = step(idx)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 3 == 0:
            report(epoch, total / len(x))


torch.manual_seed(64)
d = load_digits()
x, y = torch.tensor(d.data / 8 - 1, dtype=torch.float32), torch.tensor(d.target)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
xt, yt, xv, yv = x[:1300], y[:1300], x[1300:], y[1300:]
teacher, student = net(128), net(12)
train(teacher, lambda i: supervised_step(teacher, xt[i], yt[i]), xt, 9, 2e-3,
      lambda e, l: print(f"teacher epoch {e} loss {l:.4f} val acc {accuracy(teacher, xv, yv):.3f}"))
teacher.requires_grad_(False)
train(student, lambda i: distil_step(student, teacher, xt[i]), xt, 36, 2e-3,
      lambda e, l: print(f"student epoch {e} loss {l:.4f} val acc {accuracy(student, xv, yv):.3f}"))
