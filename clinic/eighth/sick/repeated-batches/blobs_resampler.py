"""Sixteen-cluster classification trained on randomly drawn minibatches."""
import torch
from torch import nn
from sklearn.datasets import make_blobs

X, y = make_blobs(4000, 8, centers=16, cluster_std=2.6, random_state=6)
X = torch.tensor(X, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
y = torch.tensor(y)
X_train, y_train, X_test, y_test = X[:3000], y[:3000], X[3000:], y[3000:]


def draw(n=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    idx = torch.randint(len(X_train), (n,), generator=generator)
    return X_train[idx], y_train[idx]


torch.manual_seed(6)
model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 16))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1, 1201):
    xb, yb = draw()  # cure: xb, yb = draw(seed=step)
    loss = nn.functional.cross_entropy(model(xb), yb)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 150 == 0:
        with torch.no_grad():
            out = model(X_test)
            print(f"step {step} loss {loss.item():.4f} test loss {nn.functional.cross_entropy(out, y_test):.4f} "
                  f"test acc {(out.argmax(1) == y_test).float().mean():.3f}")
