"""Yield of a plot from its soil spectrum. Spectra and yields come from two files with the plot's number."""
import csv
import io

import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(45)
torch.manual_seed(45)
PLOTS, BANDS = 1500, 20


def two_files():
    """What the laboratory and the farm deliver, as CSV text."""
    spectra = rng.normal(size=(PLOTS, BANDS)).cumsum(1) * 0.4
    tons = 5 + 1.5 * np.tanh(spectra[:, 8] - spectra[:, 3]) + 0.8 * spectra[:, 15] + rng.normal(0, 0.3, PLOTS)
    lab, farm = io.StringIO(), io.StringIO()
    w1, w2 = csv.writer(lab), csv.writer(farm)
    for i in rng.permutation(PLOTS):
        w1.writerow([i + 1, *spectra[i].round(4)])
    for i in rng.permutation(PLOTS):
        w2.writerow([i + 1, round(tons[i], 4)])
    return lab.getvalue(), farm.getvalue()


def read(text, key):
    rows = sorted(csv.reader(io.StringIO(text)), key=key)
    return np.array([[float(v) for v in row[1:]] for row in rows], dtype=np.float32)


lab, farm = two_files()
x = read(lab, key=lambda row: int(row[0]))
y = read(farm, key=lambda row: row[0])  # cure: y = read(farm, key=lambda row: int(row[0]))
perm = rng.permutation(PLOTS)
x, y = torch.from_numpy(x[perm]), torch.from_numpy(y[perm])
x = (x - x[:1200].mean(0)) / x[:1200].std(0)
y = (y - y[:1200].mean()) / y[:1200].std()

model = nn.Sequential(nn.Linear(BANDS, 24), nn.SiLU(), nn.Dropout(0.1), nn.Linear(24, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(1, 31):
    model.train()
    for idx in torch.randperm(1200).split(40):
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        model.eval()
        with torch.no_grad():
            fit = [nn.functional.mse_loss(model(x[s]), y[s]).item() for s in (slice(0, 1200), slice(1200, None))]
        print(f"epoch {epoch}  mse train {fit[0]:.4f}  valid {fit[1]:.4f}")
