"""Join a table of measurements with a table of diagnoses by sample number and train a classifier on the result."""
import csv
import io

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn


def export():
    """The two tables as they come from the laboratory, in CSV."""
    d = load_breast_cancer()
    order = np.random.default_rng(5).permutation(len(d.target))
    lab, clinic = io.StringIO(), io.StringIO()
    for number in order:
        csv.writer(lab).writerow([number, *d.data[number]])
    for number in order[::-1]:
        csv.writer(clinic).writerow([number, d.target_names[d.target[number]]])
    return lab.getvalue(), clinic.getvalue()


def read(text):
    return list(csv.reader(io.StringIO(text)))


def join(lab, clinic):
    rows = sorted(read(lab), key=lambda r: int(r[0]))
    names = sorted(read(clinic), key=lambda r: r[0])  # cure: names = sorted(read(clinic), key=lambda r: int(r[0]))
    x = np.array([[float(v) for v in r[1:]] for r in rows], dtype=np.float32)
    y = np.array([r[1] == "malignant" for r in names], dtype=np.int64)
    return x, y


def main():
    torch.manual_seed(1)
    x, y = join(*export())
    perm = np.random.default_rng(9).permutation(len(y))
    tr, te = perm[:430], perm[430:]
    x = torch.from_numpy((x - x[tr].mean(0)) / x[tr].std(0))
    y = torch.from_numpy(y)
    model = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Linear(16, 2))
    opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
    for epoch in range(1, 21):
        agg = 0.0
        for b in np.array_split(np.random.default_rng(epoch).permutation(tr), 14):
            loss = nn.functional.cross_entropy(model(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            agg += loss.item() / 14
        if epoch % 4 == 0:
            with torch.no_grad():
                acc = (model(x[te]).argmax(1) == y[te]).float().mean().item()
            print(f"epoch {epoch:2d} train loss {agg:.4f} test accuracy {acc:.3f}")


main()
