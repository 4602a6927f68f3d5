"""Half-labelled learning with a mean teacher: the teacher takes no gradient, it is a moving average of the student."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(35)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
p = torch.randperm(len(x))
labelled, unlabelled, test = p[:300], p[300:1300], p[1300:]


def noisy(v):
    return v + 0.3 * torch.randn_like(v)


student = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.2), nn.Linear(96, 10))
teacher = copy.deepcopy(student).eval().requires_grad_(False)
opt = torch.optim.AdamW(student.parameters(), lr=2e-3, weight_decay=0.05)


def follow(decay=0.98):
    with torch.no_grad():
        for t, s in zip(teacher.parameters(), student.parameters()):
            t.lerp_(s, 1 - decay)


STEPS = 1500
for step in range(1, STEPS + 1):
    i = labelled[torch.randint(300, (32,))]
    j = unlabelled[torch.randint(1000, (64,))]
    ramp = min(1.0, step / 600)
    supervised = F.cross_entropy(student(noisy(x[i])), y[i])
    with torch.no_grad():
        goal = teacher(noisy(x[j])).softmax(1)
    consistency = F.mse_loss(student(noisy(x[j])).softmax(1), goal, reduction="sum") / len(j)
    opt.zero_grad()
    (supervised + ramp * consistency).backward()
    opt.step()
    follow()
    if step % 150 == 0:
        with torch.no_grad():
            out = teacher(x[test])
        print(f"step {step}: supervised {supervised.item():.4f} consistency {consistency.item():.4f} teacher test loss {F.cross_entropy(out, y[test]):.4f} acc {(out.argmax(1) == y[test]).float().mean():.3f}")
