"""Self-supervised digits: two noisy views, InfoNCE with a learned temperature, linear probe on frozen features."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch.manual_seed(24)
d = load_digits()
X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
Y = d.target
perm = torch.randperm(len(X))
tr, te = perm[:1300], perm[1300:]


def view(x):
    x = F.pad(x, (1, 1, 1, 1), value=-1.0)
    i, j = torch.randint(0, 3, (2,)).tolist()
    x = x[:, :, i:i + 8, j:j + 8]
    keep = (torch.rand(len(x), 1, 8, 8) > 0.15).float()
    return x * keep - (1 - keep) + 0.2 * torch.randn_like(x)


backbone = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 32))
projector = nn.Sequential(nn.ReLU(), nn.Linear(32, 24))
log_temp = nn.Parameter(torch.tensor(1.6))
opt = torch.optim.Adam([*backbone.parameters(), *projector.parameters(), log_temp], lr=4e-3)


def probe():
    backbone.eval()
    with torch.no_grad():
        a, b = backbone(X[tr]).numpy(), backbone(X[te]).numpy()
    backbone.train()
    clf = LogisticRegression(max_iter=150, C=1.0).fit(a[:200], Y[tr[:200]])
    return clf.score(b, Y[te])


print(f"probe before training {probe():.3f}")
for epoch in range(1, 13):
    total = n = 0
    for idx in tr[torch.randperm(len(tr))].split(130):
        a = F.normalize(projector(backbone(view(X[idx]))), dim=1)
        b = F.normalize(projector(backbone(view(X[idx]))), dim=1)
        logits = log_temp.exp() * a @ b.t()
        target = torch.arange(len(idx))
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()
        total, n = total + loss.item(), n + 1
    if epoch % 2 == 0:
        print(f"epoch {epoch} InfoNCE {total / n:.4f} scale {log_temp.exp().item():.2f} probe {probe():.3f}")
