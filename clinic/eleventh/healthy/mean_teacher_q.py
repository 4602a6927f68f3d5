"""Semi-supervised digits with a mean teacher: few labels, a consistency term, teacher weights are a moving average."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(12)
d = load_digits()
x = torch.tensor(d.data).float()
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
test, rest = perm[:400], perm[400:]
labelled = torch.cat([rest[y[rest] == c][:15] for c in range(10)])


def noisy(a):
    return a + 0.3 * torch.randn_like(a)


student = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 10))
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(student.parameters(), lr=2e-3, weight_decay=1e-4)
for step in range(1, 701):
    lab = labelled[torch.randint(len(labelled), (32,))]
    unl = rest[torch.randint(len(rest), (96,))]
    ce = F.cross_entropy(student(noisy(x[lab])), y[lab])
    with torch.no_grad():
        goal = teacher(noisy(x[unl])).softmax(1)
    consistency = (student(noisy(x[unl])).softmax(1) - goal).pow(2).sum(1).mean()
    ramp = min(1.0, step / 300)
    loss = ce + 2.0 * ramp * consistency
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        for t, s in zip(teacher.parameters(), student.parameters()):
            t.lerp_(s, 0.02)
    if step % 70 == 0:
        with torch.no_grad():
            acc = [(m(x[test]).argmax(1) == y[test]).float().mean().item() for m in (student, teacher)]
        print(f"step {step:3d} ce {ce.item():.4f} consistency {consistency.item():.4f} student {acc[0]:.3f} teacher {acc[1]:.3f}")
