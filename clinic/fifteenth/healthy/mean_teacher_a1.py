"""Mean teacher: 100 labelled digits, 1300 unlabelled ones; the teacher is a moving average and gets no gradient."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(12)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
x, y = x[perm], y[perm]
pool, x_test, y_test = x[:1300], x[1300:], y[1300:]
labelled = torch.cat([(y[:1300] == k).nonzero().flatten()[:10] for k in range(10)])

student = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.3), nn.Linear(96, 10))
teacher = copy.deepcopy(student).requires_grad_(False).eval()
opt = torch.optim.Adam(student.parameters(), lr=1e-3, weight_decay=1e-4)


def jitter(a):
    return a + 0.3 * torch.randn_like(a)


for step in range(1, 1501):
    li = labelled[torch.randint(len(labelled), (32,))]
    ui = torch.randint(len(pool), (96,))
    supervised = F.cross_entropy(student(jitter(pool[li])), y[li])
    goal = teacher(jitter(pool[ui])).softmax(1)
    consistency = ((student(jitter(pool[ui])).softmax(1) - goal) ** 2).sum(1).mean()
    ramp = min(1.0, step / 500)
    loss = supervised + 3.0 * ramp * consistency
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        keep = min(0.99, 1 - 1 / step)
        for t, s in zip(teacher.parameters(), student.parameters()):
            t.lerp_(s, 1 - keep)
    if step % 150 == 0:
        with torch.no_grad():
            out = teacher(x_test)
        print(f"step {step:4d}  supervised {supervised.item():.4f}  consistency {consistency.item():.4f}  "
              f"teacher test loss {F.cross_entropy(out, y_test).item():.4f}  acc {(out.argmax(1) == y_test).float().mean():.3f}")
