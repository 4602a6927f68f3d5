"""Distil a random forest into a small network: match the forest's class probabilities on the digits."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def teacher_probabilities(X, y):
    forest = RandomForestClassifier(40, oob_score=True, random_state=0).fit(X, y)
    p = torch.tensor(forest.oob_decision_function_).float()
    return torch.nan_to_num(p, nan=0.1), forest


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.net(x)


def distil(student, x, p, xv, yv, pv, epochs=20):
    opt = torch.optim.Adam(student.parameters(), lr=2e-3)
    for ep in range(epochs):
        for idx in torch.randperm(len(x)).split(50):
            scores = student(x[idx])
            loss = F.kl_div(scores, p[idx], reduction="batchmean")  # cure: loss = F.kl_div(scores.log_softmax(1), p[idx], reduction="batchmean")
            opt.zero_grad()
            loss.backward()
            opt.step()
        if ep % 2 == 1:
            with torch.no_grad():
                out = student(xv)
            gap = (out.softmax(1) - pv).abs().sum(1).mean().item()
            print(f"epoch {ep + 1:2d} loss {loss.item():.3f} distance to forest {gap:.3f} "
                  f"agreement {(out.argmax(1) == pv.argmax(1)).float().mean():.3f} "
                  f"accuracy {(out.argmax(1) == yv).float().mean():.3f}")


torch.manual_seed(5)
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=3)
p, forest = teacher_probabilities(Xa, ya)
pv = torch.tensor(forest.predict_proba(Xb)).float()
norm = lambda a: torch.tensor(a / 16 - 0.3).float()
distil(Student(), norm(Xa), p, norm(Xb), torch.tensor(yb), pv)
