"""Mean teacher: 60 labelled and many unlabelled moons; the teacher is a moving average of the student, never optimised."""
import copy
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import make_moons

torch.manual_seed(0)
X, y = make_moons(3000, noise=0.12, random_state=3)
X, y = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32), torch.tensor(y)
lab_x, lab_y, unl_x, test_x, test_y = X[:60], y[:60], X[60:2000], X[2000:], y[2000:]
student = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(student.parameters(), lr=2e-3)


@torch.no_grad()
def ema(decay):
    for t, s in zip(teacher.parameters(), student.parameters()):
        t.mul_(decay).add_(s, alpha=1 - decay)


for step in range(1, 601):
    u = unl_x[torch.randint(0, len(unl_x), (128,))]
    jitter = lambda v: v + 0.1 * torch.randn_like(v)
    supervised = F.cross_entropy(student(jitter(lab_x)), lab_y)
    consistency = F.mse_loss(student(jitter(u)).softmax(1), teacher(jitter(u)).softmax(1))
    loss = supervised + min(1.0, step / 300) * 4 * consistency
    opt.zero_grad()
    loss.backward()
    opt.step()
    ema(0.98)
    if step % 60 == 0:
        with torch.no_grad():
            acc = [(m(test_x).argmax(1) == test_y).float().mean().item() for m in (student, teacher)]
        print(f"step {step} supervised {supervised.item():.4f} consistency {consistency.item():.5f} student {acc[0]:.3f} teacher {acc[1]:.3f}")
