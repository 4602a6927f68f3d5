"""Join measurements and diagnoses by patient number and train a small classifier (breast cancer data)."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer

torch.manual_seed(13)


def tables():
    """Two 'files': {patient: measurements} and {patient: diagnosis}, as they come from two departments."""
    x, y = load_breast_cancer(return_X_y=True)
    order = torch.randperm(len(x)).tolist()
    return {n + 1: x[i] for n, i in enumerate(order)}, {str(n + 1): int(y[i]) for n, i in enumerate(order)}


measurements, diagnoses = tables()
x = torch.tensor([list(measurements[p]) for p in sorted(measurements)], dtype=torch.float32)
y = torch.tensor([diagnoses[p] for p in sorted(diagnoses)])  # cure: y = torch.tensor([diagnoses[p] for p in sorted(diagnoses, key=int)])
n_train = 400
x = (x - x[:n_train].mean(0)) / x[:n_train].std(0)
xt, yt, xv, yv = x[:n_train], y[:n_train], x[n_train:], y[n_train:]

model = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-3)
for epoch in range(1, 14):
    model.train()
    total = 0.0
    for idx in torch.randperm(n_train).split(20):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(xt[idx]), yt[idx])
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        out = model(xv)
        vl = nn.functional.cross_entropy(out, yv).item()
        va = (out.argmax(1) == yv).float().mean().item()
    if epoch % 2:
        print(f"{epoch:3d}  train {total / n_train:.4f}  valid {vl:.4f}  accuracy {va:.3f}")
