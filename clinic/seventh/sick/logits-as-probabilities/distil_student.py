"""Distil a random forest into a small network: match the forest's class probabilities on the digits."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

torch.manual_seed(66)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, random_state=66)
teacher = RandomForestClassifier(60, min_samples_leaf=3, random_state=66).fit(Xtr, ytr)
soft = torch.tensor(teacher.predict_proba(Xtr), dtype=torch.float32)
print(f"teacher accuracy {teacher.score(Xte, yte):.3f}")
xtr, xte = (torch.tensor(a / 8 - 1, dtype=torch.float32) for a in (Xtr, Xte))
yte = torch.tensor(yte)

student = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))
opt = torch.optim.Adam(student.parameters(), lr=2e-3)
kl = nn.KLDivLoss(reduction="batchmean")
for epoch in range(1, 16):
    student.train()
    total = 0.0
    for idx in torch.randperm(len(xtr)).split(32):
        out = student(xtr[idx])
        loss = kl(out, soft[idx])  # cure: loss = kl(out.log_softmax(1), soft[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    student.eval()
    with torch.no_grad():
        out = student(xte)
        acc = (out.argmax(1) == yte).float().mean().item()
        nll = nn.functional.cross_entropy(out, yte).item()
    print(f"epoch {epoch:2d}  kl {total / len(xtr):.4f}  student accuracy {acc:.3f}  test nll {nll:.3f}")
