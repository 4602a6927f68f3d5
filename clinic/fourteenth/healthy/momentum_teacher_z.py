"""Self-supervised digits: a student predicts a slowly moving teacher's view; a linear probe measures the features."""
import copy
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch import nn

torch.manual_seed(0)
data = load_digits()
x = torch.tensor(data.data, dtype=torch.float32)
x, y = (x - x.mean()) / x.std(), data.target
perm = torch.randperm(len(x))
x, y = x[perm], y[perm.numpy()]
student = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 32))
teacher = copy.deepcopy(student).requires_grad_(False)
predictor = nn.Sequential(nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32))
opt = torch.optim.AdamW([*student.parameters(), *predictor.parameters()], lr=1e-3, weight_decay=1e-3)


def view(v):
    return v * (torch.rand_like(v) > 0.3) + 0.2 * torch.randn_like(v)


for epoch in range(1, 31):
    student.train()
    total = 0.0
    for idx in torch.randperm(1400).split(70):
        a, b = view(x[idx]), view(x[idx])
        loss = -sum(F.cosine_similarity(predictor(student(u)), teacher(w)).mean() for u, w in ((a, b), (b, a)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        with torch.no_grad():
            for p, q in zip(teacher.parameters(), student.parameters()):
                p.lerp_(q, 0.02)
        total += loss.item() / 20
    if epoch % 5 == 0:
        student.eval()
        with torch.no_grad():
            f = student(x).numpy()
        probe = LogisticRegression(max_iter=300).fit(f[:1400], y[:1400]).score(f[1400:], y[1400:])
        print(f"epoch {epoch}: loss {total:.3f} spread {f.std(0).mean():.3f} probe accuracy {probe:.3f}")
