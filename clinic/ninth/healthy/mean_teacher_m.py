"""Semi-supervised wine: a mean teacher (moving average of the student, in no optimizer) labels the unlabelled samples."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_wine
from torch import nn


class MeanTeacher:
    def __init__(self, student, decay=0.97):
        self.student, self.teacher, self.decay = student, copy.deepcopy(student), decay
        for p in self.teacher.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def follow(self):
        for t, s in zip(self.teacher.parameters(), self.student.parameters()):
            t.mul_(self.decay).add_(s, alpha=1 - self.decay)


torch.manual_seed(210)
w = load_wine()
x = torch.tensor((w.data - w.data.mean(0)) / w.data.std(0), dtype=torch.float32)
y = torch.tensor(w.target)
p = torch.randperm(len(y))
rest, test = p[:130], p[130:]
labelled = torch.cat([rest[y[rest] == c][:10] for c in range(3)])
unlabelled = rest[~torch.isin(rest, labelled)]
student = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 3))
mt = MeanTeacher(student)
opt = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
for step in range(1, 401):
    student.train()
    mt.teacher.eval()
    lab = labelled[torch.randint(len(labelled), (15,))]
    un = unlabelled[torch.randint(len(unlabelled), (40,))]
    sup = F.cross_entropy(student(x[lab]), y[lab])
    with torch.no_grad():
        goal = mt.teacher(x[un] + 0.1 * torch.randn(40, 13)).softmax(1)
    agree = F.mse_loss(student(x[un] + 0.1 * torch.randn(40, 13)).softmax(1), goal)
    loss = sup + min(1.0, step / 150) * 3 * agree
    opt.zero_grad()
    loss.backward()
    opt.step()
    mt.follow()
    if step % 40 == 0:
        student.eval()
        with torch.no_grad():
            s, t = student(x[test]), mt.teacher(x[test])
        print(f"{step} supervised {sup.item():.4f} agreement {agree.item():.5f} student {F.cross_entropy(s, y[test]):.4f} "
              f"teacher {F.cross_entropy(t, y[test]):.4f} acc {(t.argmax(1) == y[test]).float().mean():.3f}")
