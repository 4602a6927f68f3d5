"""Self-distillation without labels (BYOL style): the student predicts a slowly following teacher; a linear probe judges."""
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch.manual_seed(0)
x, y = load_digits(return_X_y=True)
x = torch.tensor((x - x.mean()) / x.std(), dtype=torch.float32)
order = torch.randperm(len(x))
x, y = x[order], y[order.numpy()]


def augment(a):
    images = a.view(-1, 8, 8)
    shift = torch.randint(-1, 2, (2,)).tolist()
    images = torch.roll(images, shift, (1, 2)).flatten(1)
    return images * (torch.rand_like(images) > 0.15) + 0.2 * torch.randn_like(images)


student = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 32))
predictor = nn.Sequential(nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32))
teacher = copy.deepcopy(student).requires_grad_(False)
opt = torch.optim.Adam([*student.parameters(), *predictor.parameters()], lr=1e-3)


def regression(p, z):
    return 2 - 2 * F.cosine_similarity(p, z, dim=1).mean()


def probe():
    student.eval()
    with torch.no_grad():
        h = student[:3](x).numpy()
        spread = F.normalize(student(x), dim=1).std(0).mean() * 32 ** 0.5
    student.train()
    return LogisticRegression(max_iter=500).fit(h[:1300], y[:1300]).score(h[1300:], y[1300:]), spread


for epoch in range(1, 31):
    total, n = 0.0, 0
    for idx in torch.randperm(1300).split(100):
        a, b = augment(x[idx]), augment(x[idx])
        with torch.no_grad():
            za, zb = teacher(a), teacher(b)
        loss = (regression(predictor(student(a)), zb) + regression(predictor(student(b)), za)) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()
        with torch.no_grad():
            for s, t in zip(student.parameters(), teacher.parameters()):
                t.lerp_(s, 0.02)
        total, n = total + loss.item(), n + 1
    if epoch % 5 == 0:
        score, spread = probe()
        print(f"epoch {epoch:2d} loss {total / n:.4f} spread of embeddings {spread:.3f} linear probe {score:.3f}")
