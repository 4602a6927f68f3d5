"""Sparse coding of the digits: an encoder with a shifted ReLU, a linear dictionary as the decoder."""
import numpy as np
import torch
from sklearn.datasets import load_digits

torch.manual_seed(21)
rng = np.random.default_rng(21)
X = load_digits().data.astype(np.float32) / 16
rng.shuffle(X)
X -= X.mean(axis=0)
X = torch.from_numpy(X)
train, held_out = X[:1500], X[1500:]

N_ATOMS = 100
THRESHOLD = 2.5  # cure: THRESHOLD = 0.1
SPARSITY = 1e-3

W = torch.randn(64, N_ATOMS) * 0.2
D = torch.randn(N_ATOMS, 64) * 0.1
b = torch.zeros(64)
for t in (W, D, b):
    t.requires_grad_()


def encode(x):
    return torch.relu((x - b) @ W - THRESHOLD)


optimizer = torch.optim.Adam([W, D, b], lr=2e-3)
for epoch in range(1, 61):
    order = torch.randperm(len(train))
    rec_sum = 0.0
    for i in range(0, len(train), 50):
        x = train[order[i:i + 50]]
        code = encode(x)
        rec = ((code @ D + b - x) ** 2).sum(1).mean()
        loss = rec + SPARSITY * code.sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rec_sum += rec.item()
    if epoch % 5 == 0:
        with torch.no_grad():
            code = encode(held_out)
            err = ((code @ D + b - held_out) ** 2).sum(1).mean()
        explained = 1 - err / (held_out ** 2).sum(1).mean()
        print(f"epoch {epoch}: train error {rec_sum / 30:.3f}, held-out error {err:.3f}, explained {explained:.2%}")
