"""Predict from ten baseline measurements whether the disease progresses fast (load_diabetes)."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

SEED = 4
FAST = 140
torch.manual_seed(SEED)
np.random.seed(SEED)

data = load_diabetes()
features = (data.data - data.data.mean(0)) / data.data.std(0)
progression = (data.target - data.target.mean()) / data.target.std()
label = (progression > FAST).astype(np.float32)  # cure: label = (data.target > FAST).astype(np.float32)
x_train, x_test, y_train, y_test = [torch.tensor(a, dtype=torch.float32) for a in
                                    train_test_split(features, label, test_size=0.25, random_state=SEED)]

model = nn.Sequential(nn.Linear(10, 8), nn.ELU(), nn.Dropout(0.2), nn.Linear(8, 1), nn.Flatten(0))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
bce = nn.BCEWithLogitsLoss()

step = 0
for epoch in range(1, 25):
    model.train()
    losses = []
    for idx in torch.randperm(len(x_train)).split(16):
        optimizer.zero_grad()
        loss = bce(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        step += 1
    if epoch % 3 == 0:
        model.eval()
        with torch.no_grad():
            out = model(x_test)
            acc = ((out > 0) == (y_test > 0.5)).float().mean()
            print(f"step {step:5d}  train {np.mean(losses):.4f}  test {bce(out, y_test):.4f}  "
                  f"accuracy {acc:.3f}  predicted fast {(out > 0).sum().item()} of {len(out)}")
