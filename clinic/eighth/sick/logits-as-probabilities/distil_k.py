"""Distil a random forest into a small network: match the forest's class probabilities."""
import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler

X, y = make_classification(3000, n_features=12, n_informative=6, n_classes=4, n_clusters_per_class=2, class_sep=1.5, random_state=7)
X = StandardScaler().fit_transform(X)
forest = RandomForestClassifier(40, min_samples_leaf=3, random_state=0).fit(X[:1200], y[:1200])
soft = torch.tensor(forest.predict_proba(X), dtype=torch.float32)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
print(f"teacher accuracy {(soft[2400:].argmax(1) == y[2400:]).float().mean():.3f}")


def student_factory():
    return nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 4))


def distil_loss(student_out, teacher_prob):
    return nn.functional.kl_div(student_out, teacher_prob, reduction="batchmean")


torch.manual_seed(0)
student = student_factory()
opt = torch.optim.Adam(student.parameters(), lr=1e-3)
for epoch in range(20):
    tot = 0.0
    for idx in torch.randperm(2400).split(60):
        out = student(X[idx])  # cure: out = student(X[idx]).log_softmax(1)
        loss = distil_loss(out, soft[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 40
    if epoch % 2:
        with torch.no_grad():
            pred = student(X[2400:]).argmax(1)
        agree = (pred == soft[2400:].argmax(1)).float().mean()
        print(f"epoch {epoch + 1} kl {tot:.4f} agreement {agree:.3f} accuracy {(pred == y[2400:]).float().mean():.3f}")
