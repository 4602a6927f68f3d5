"""Distil a wide teacher into a small student on a five-class problem with few labels."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler


def mlp(*dims):
    layers = []
    for a, b in zip(dims, dims[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def accuracy(net, x, y):
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def train_teacher(x, y, epochs=12):
    teacher = mlp(20, 128, 5)
    opt = torch.optim.AdamW(teacher.parameters(), lr=2e-3, weight_decay=1e-2)
    for _ in range(epochs):
        for idx in torch.randperm(len(x)).split(64):
            opt.zero_grad()
            F.cross_entropy(teacher(x[idx]), y[idx]).backward()
            opt.step()
    return teacher.eval().requires_grad_(False)


def distillation_loss(student_out, teacher_out, temperature=2.0):
    target = F.softmax(teacher_out / temperature, dim=1)
    student = student_out / temperature  # cure: student = F.log_softmax(student_out / temperature, dim=1)
    return F.kl_div(student, target, reduction="batchmean") * temperature ** 2


def main():
    torch.manual_seed(30)
    X, y = make_classification(4000, 20, n_informative=10, n_redundant=2, n_classes=5,
                               n_clusters_per_class=2, class_sep=1.6, random_state=30)
    x = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
    y = torch.tensor(y)
    teacher = train_teacher(x[:2500], y[:2500])
    print(f"teacher accuracy {accuracy(teacher, x[3200:], y[3200:]):.3f}")
    student = mlp(20, 24, 5)
    opt = torch.optim.Adam(student.parameters(), lr=3e-3)
    for epoch in range(15):
        total, n = 0.0, 0
        for idx in torch.randperm(3200).split(64):
            loss = distillation_loss(student(x[idx]), teacher(x[idx]))
            opt.zero_grad()
            loss.backward()
            opt.step()
            total, n = total + loss.item(), n + 1
        print(f"epoch {epoch + 1}: distillation loss {total / n:.4f}, student accuracy {accuracy(student, x[3200:], y[3200:]):.3f}")


main()
