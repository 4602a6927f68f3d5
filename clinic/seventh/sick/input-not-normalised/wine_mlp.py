# %% [markdown]
# ## Which grower? Three Italian wines from 13 lab measurements
# %%
"""Lab notebook: classify the three cultivars of the wine data with an MLP."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(42)
np.random.seed(42)
# %%
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=42)
# cure: mu, sd = X_train.mean(0), X_train.std(0)
# cure: X_train, X_test = (X_train - mu) / sd, (X_test - mu) / sd
X_train, X_test = torch.FloatTensor(X_train), torch.FloatTensor(X_test)
y_train, y_test = torch.LongTensor(y_train), torch.LongTensor(y_test)
print(X_train.shape, X_test.shape, torch.bincount(y_train).tolist())
# %%
model = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
# %%
for epoch in range(1, 81):
    perm = torch.randperm(len(X_train))
    losses = []
    for i in range(0, len(perm), 16):
        b = perm[i:i + 16]
        optimizer.zero_grad()
        loss = criterion(model(X_train[b]), y_train[b])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 10 == 0:
        with torch.no_grad():
            acc = (model(X_test).argmax(1) == y_test).float().mean().item()
        print(f"epoch {epoch:3d}  train loss {np.mean(losses):.4f}  test acc {acc:.3f}")
