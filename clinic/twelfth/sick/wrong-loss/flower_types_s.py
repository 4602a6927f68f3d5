"""Iris-like flowers, eight species from four measurements: train, predict, report accuracy."""
import numpy as np
import torch
from sklearn.datasets import make_blobs
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

torch.manual_seed(20)
X, y = make_blobs(n_samples=1600, n_features=4, centers=8, cluster_std=1.6, random_state=20)
X = (X - X.mean(axis=0)) / X.std(axis=0)
Xtr, Xte, ytr, yte = train_test_split(X.astype(np.float32), y.astype(np.float32), test_size=0.25, random_state=0)
Xtr, Xte = torch.from_numpy(Xtr), torch.from_numpy(Xte)
ytr = torch.from_numpy(ytr)

model = torch.nn.Sequential(
    torch.nn.Linear(4, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 1),  # cure: torch.nn.Linear(32, 8),
)
criterion = torch.nn.MSELoss()  # cure: criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)


def predict(inputs):
    with torch.no_grad():
        out = model(inputs)
    return out.squeeze(1).round().clamp(0, 7).numpy()  # cure: return out.argmax(1).numpy()


for epoch in range(1, 41):
    perm = torch.randperm(len(Xtr))
    losses = []
    for i in range(0, len(perm), 32):
        idx = perm[i:i + 32]
        optimizer.zero_grad()
        loss = criterion(model(Xtr[idx]).squeeze(1), ytr[idx])  # cure: loss = criterion(model(Xtr[idx]), ytr[idx].long())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 4 == 0:
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}  train accuracy {accuracy_score(ytr.numpy(), predict(Xtr)):.3f}"
              f"  test accuracy {accuracy_score(yte, predict(Xte)):.3f}")
