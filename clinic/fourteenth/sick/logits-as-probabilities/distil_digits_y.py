"""Distil a wide digit classifier into a narrow one: the student imitates the teacher's softened outputs."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(10)
TEMPERATURE = 3.0


def mlp(width):
    return nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))


def accuracy(net, x, y):
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def imitation(student, teacher):
    soft_teacher = F.softmax(teacher / TEMPERATURE, dim=1)
    soft_student = student / TEMPERATURE  # cure: soft_student = F.log_softmax(student / TEMPERATURE, dim=1)
    return F.kl_div(soft_student, soft_teacher, reduction="batchmean") * TEMPERATURE ** 2


def train_teacher(loader):
    net = mlp(128)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    for epoch in range(10):
        for x, y in loader:
            opt.zero_grad()
            F.cross_entropy(net(x), y).backward()
            opt.step()
    return net.eval()


def main():
    d = load_digits()
    x, y = torch.tensor(d.data, dtype=torch.float32), torch.tensor(d.target)
    x = (x - x.mean()) / x.std()
    p = torch.randperm(len(x))
    tr, te = p[:1300], p[1300:]
    loader = DataLoader(TensorDataset(x[tr], y[tr]), batch_size=32, shuffle=True)
    teacher = train_teacher(loader)
    print(f"teacher: test accuracy {accuracy(teacher, x[te], y[te]):.3f}")
    student = mlp(12)
    opt = torch.optim.Adam(student.parameters(), lr=3e-3)
    for epoch in range(20):
        total = 0.0
        for xb, _ in loader:
            with torch.no_grad():
                t = teacher(xb)
            loss = imitation(student(xb), t)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"student epoch {epoch:2d}: loss {total / len(loader):.4f}, test accuracy {accuracy(student, x[te], y[te]):.3f}")


main()
