"""Distils a wide digit classifier into a narrow one: softened probabilities of the teacher, matched by KL divergence."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(10)
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(digits.target)
order = torch.randperm(len(x))
x, y = x[order], y[order]
x_train, y_train, x_test, y_test = x[:1300], y[:1300], x[1300:], y[1300:]
TEMPERATURE = 4.0


def accuracy(model):
    model.eval()
    with torch.no_grad():
        return (model(x_test).argmax(1) == y_test).float().mean().item()


def train(model, loss_fn, epochs, lr, name):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.02)
    for epoch in range(1, epochs + 1):
        model.train()
        total = 0.0
        for index in torch.randperm(1300).split(50):
            loss = loss_fn(model(x_train[index]), index)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() / 26
        if epoch % 4 == 0:
            print(f"{name} epoch {epoch:2d}  loss {total:.4f}  test accuracy {accuracy(model):.4f}")


teacher = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.4), nn.Linear(256, 10))
train(teacher, lambda logits, index: F.cross_entropy(logits, y_train[index], label_smoothing=0.05), 12, 1e-3, "teacher")
teacher.eval().requires_grad_(False)
with torch.no_grad():
    soft = F.softmax(teacher(x_train) / TEMPERATURE, dim=1)


def match(logits, index):
    return TEMPERATURE**2 * F.kl_div(F.log_softmax(logits / TEMPERATURE, dim=1), soft[index], reduction="batchmean")


student = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10))
train(student, match, 32, 3e-3, "student")
