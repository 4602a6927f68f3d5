"""Principal subspace of the digits found by gradient descent: a tied linear autoencoder against exact PCA."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

torch.manual_seed(1)
X = load_digits().data / 16
X = X[np.random.default_rng(1).permutation(len(X))]
train, test = X[:1500], X[1500:]
mean = train.mean(0)
pca = PCA(10).fit(train)
best = ((test - pca.inverse_transform(pca.transform(test))) ** 2).sum(1).mean()
blank = ((test - mean) ** 2).sum(1).mean()
print(f"per-image squared error: mean image {blank:.3f}, exact PCA with 10 components {best:.3f}")

train, test = (torch.tensor(a - mean, dtype=torch.float32) for a in (train, test))
W = torch.nn.Parameter(torch.randn(64, 10) * 0.1)
optimizer = torch.optim.SGD([W], lr=0.01, momentum=0.9)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [15, 25], 0.3)


def reconstruct(x):
    return x @ W @ W.T


for epoch in range(1, 31):
    total = 0.0
    for idx in torch.randperm(len(train)).split(30):
        batch = train[idx]
        loss = (batch - reconstruct(batch)).pow(2).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    scheduler.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            err = (test - reconstruct(test)).pow(2).sum(1).mean().item()
            q = torch.linalg.qr(W)[0]
            overlap = (torch.tensor(pca.components_, dtype=torch.float32) @ q).pow(2).sum().item() / 10
        print(f"epoch {epoch:2d}  train {total / len(train):.3f}  test {err:.3f}  overlap with the PCA subspace {overlap:.3f}")
