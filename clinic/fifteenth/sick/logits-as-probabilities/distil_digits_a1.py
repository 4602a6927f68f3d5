"""Knowledge distillation: a wide teacher network hands what it knows about digits to a narrow student."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(12)
x, y = load_digits(return_X_y=True)
x = torch.tensor((x - 4.88) / 6.0, dtype=torch.float32)
y = torch.tensor(y)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
x_train, y_train, x_test, y_test = x[:1300], y[:1300], x[1300:], y[1300:]


def batches(size=50):
    return torch.randperm(len(x_train)).split(size)


def test_accuracy(model):
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).float().mean().item()


def train_teacher():
    teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
    for epoch in range(12):
        for idx in batches():
            loss = F.cross_entropy(teacher(x_train[idx]), y_train[idx], label_smoothing=0.05)
            opt.zero_grad()
            loss.backward()
            opt.step()
    print(f"teacher: test accuracy {test_accuracy(teacher):.3f}")
    return teacher.requires_grad_(False)


def distil(teacher, temperature=2.0):
    student = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    opt = torch.optim.Adam(student.parameters(), lr=3e-3)
    for epoch in range(1, 26):
        total = 0.0
        for idx in batches():
            soft = F.softmax(teacher(x_train[idx]) / temperature, dim=1)
            guess = student(x_train[idx]) / temperature  # cure: guess = F.log_softmax(student(x_train[idx]) / temperature, dim=1)
            loss = F.kl_div(guess, soft, reduction="batchmean") * temperature ** 2
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 3 == 1:
            print(f"student epoch {epoch:2d}: distillation loss {total / len(x_train):.4f}, test accuracy {test_accuracy(student):.3f}")


distil(train_teacher())
