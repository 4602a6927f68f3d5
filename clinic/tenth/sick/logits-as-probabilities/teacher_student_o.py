"""Distillation: a small student copies the class distribution of a larger teacher (digits)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(50)
X, y = load_digits(return_X_y=True)
order = torch.randperm(len(y))
X = torch.tensor(X, dtype=torch.float32)[order] / 8 - 1
y = torch.tensor(y)[order]
train, test = slice(0, 1300), slice(1300, None)


def mlp(width):
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


def accuracy(net):
    with torch.no_grad():
        return (net(X[test]).argmax(1) == y[test]).float().mean().item()


def fit(net, loss_of, epochs, lr):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        mean = 0.0
        batches = torch.randperm(1300).split(50)
        for idx in batches:
            loss = loss_of(net(X[idx]), idx)
            opt.zero_grad()
            loss.backward()
            opt.step()
            mean += loss.item() / len(batches)
        if epoch % 4 == 0:
            print(f"  epoch {epoch}: loss {mean:.4f} test accuracy {accuracy(net):.3f}")


print("teacher")
teacher = mlp(128)
fit(teacher, lambda out, idx: F.cross_entropy(out, y[idx]), 12, 1e-3)

TEMPERATURE = 2.0
with torch.no_grad():
    soft = (teacher(X) / TEMPERATURE).softmax(1)


def distil(out, idx):
    scaled = out / TEMPERATURE  # cure: scaled = (out / TEMPERATURE).log_softmax(1)
    return F.kl_div(scaled, soft[idx], reduction="batchmean") * TEMPERATURE ** 2


print("student")
student = mlp(24)
fit(student, distil, 20, 2e-3)
with torch.no_grad():
    gap = F.kl_div((student(X[test]) / TEMPERATURE).log_softmax(1), soft[test], reduction="batchmean")
print(f"divergence from the teacher {gap.item():.4f}, student accuracy {accuracy(student):.3f}")
