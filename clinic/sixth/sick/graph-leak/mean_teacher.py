"""Mean teacher on the digits: 100 labelled images, consistency with an averaged copy of the student on the rest."""
import time

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

torch.manual_seed(20)
digits = load_digits()
perm = torch.randperm(len(digits.target))
x = torch.tensor(digits.data, dtype=torch.float32)[perm] / 8 - 1
y = torch.tensor(digits.target)[perm]
x_lab, y_lab, x_un, x_test, y_test = x[:100], y[:100], x[100:1400], x[1400:], y[1400:]

student = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
teacher = {k: p.detach().clone() for k, p in student.named_parameters()}
opt = torch.optim.Adam(student.parameters(), lr=1e-3, weight_decay=1e-4)


def update_teacher(decay=0.98):
    for k, p in student.named_parameters():
        teacher[k] = torch.lerp(teacher[k], p, 1 - decay)  # cure: teacher[k] = torch.lerp(teacher[k], p.detach(), 1 - decay)


def jitter(t):
    return t + 0.2 * torch.randn_like(t)


def accuracy():
    with torch.no_grad():
        return (functional_call(student, teacher, (x_test,)).argmax(1) == y_test).float().mean().item()


clock = time.perf_counter()
for step in range(1, 401):
    il, iu = torch.randint(100, (32,)), torch.randint(len(x_un), (64,))
    update_teacher()
    target = functional_call(student, teacher, (jitter(x_un[iu]),)).softmax(1)
    consistency = F.mse_loss(student(jitter(x_un[iu])).softmax(1), target)
    supervised = F.cross_entropy(student(jitter(x_lab[il])), y_lab[il])
    loss = supervised + min(1.0, step / 200) * 3 * consistency
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 80 == 0:
        now = time.perf_counter()
        print(f"step {step}: supervised {supervised.item():.4f} consistency {consistency.item():.5f} "
              f"teacher acc {accuracy():.3f} {(now - clock) * 12.5:.1f} ms/step")
        clock = now
