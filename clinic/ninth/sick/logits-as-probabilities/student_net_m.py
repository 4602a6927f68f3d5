"""Distillation: a small student learns the softened answers of a larger teacher on the digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

T = 2.0


def mlp(width):
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


def distil_loss(student_out, teacher_out):
    soft = F.softmax(teacher_out / T, dim=1)
    return F.kl_div(student_out / T, soft, reduction="batchmean") * T * T  # cure: return F.kl_div(F.log_softmax(student_out / T, dim=1), soft, reduction="batchmean") * T * T


def teach(x, y, epochs=12):
    teacher = mlp(128)
    opt = torch.optim.Adam(teacher.parameters(), lr=2e-3, weight_decay=1e-4)
    for _ in range(epochs):
        for i in torch.randperm(len(y)).split(50):
            loss = F.cross_entropy(teacher(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
    return teacher.eval()


def score(net, x, y):
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


torch.manual_seed(140)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(d.target)
p = torch.randperm(len(y))
x, y, xt, yt = x[p[:1400]], y[p[:1400]], x[p[1400:]], y[p[1400:]]
teacher = teach(x, y)
print(f"teacher {score(teacher, xt, yt):.4f}")
student = mlp(16)
opt = torch.optim.Adam(student.parameters(), lr=2e-3)
for epoch in range(1, 21):
    total = 0.0
    for i in torch.randperm(len(y)).split(50):
        with torch.no_grad():
            t = teacher(x[i])
        loss = distil_loss(student(x[i]), t)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 28
    if epoch % 2 == 0:
        print(f"epoch {epoch} distillation loss {total:.4f} student {score(student, xt, yt):.4f}")
