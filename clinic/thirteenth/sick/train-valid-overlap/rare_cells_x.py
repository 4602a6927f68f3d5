"""Tell rare abnormal cells from normal ones; the rare class is repeated so that both are equally frequent."""
import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch import nn


def oversample(x, y):
    rare = np.flatnonzero(y == 1)
    extra = np.random.default_rng(0).choice(rare, (y == 0).sum() - len(rare))
    return np.concatenate([x, x[extra]]), np.concatenate([y, y[extra]])


x, y = make_classification(5000, 30, n_informative=6, weights=[0.93], class_sep=1.2, flip_y=0.1, random_state=3)
x = x.astype(np.float32)
x, x_lab, y, y_lab = train_test_split(x, y, test_size=0.4, stratify=y, random_state=1)   # lab: a second laboratory
x, y = oversample(x, y)  # cure: delete
x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.25, stratify=y, random_state=2)
# cure: x_tr, y_tr = oversample(x_tr, y_tr)
mu, sd = x_tr.mean(0), x_tr.std(0)
to = lambda a: torch.from_numpy((a - mu) / sd)
x_tr, x_va, x_lab = to(x_tr), to(x_va), to(x_lab)
y_tr, y_va, y_lab = (torch.from_numpy(a) for a in (y_tr, y_va, y_lab))


def balanced(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
        hit = out.argmax(1) == y
        return (hit[y == 0].float().mean() + hit[y == 1].float().mean()).item() / 2


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.02)
for epoch in range(7):
    model.train()
    for i in torch.randperm(len(x_tr)).split(64):
        loss = nn.functional.cross_entropy(model(x_tr[i]), y_tr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"epoch {epoch:2d} loss {loss.item():.3f} balanced accuracy: train {balanced(model, x_tr, y_tr):.3f} "
          f"valid {balanced(model, x_va, y_va):.3f} second laboratory {balanced(model, x_lab, y_lab):.3f}")
