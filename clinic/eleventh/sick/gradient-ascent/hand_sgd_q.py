"""Softmax regression with one hidden layer on iris; the update rule is written out by hand (momentum included)."""
import numpy as np
import torch
from sklearn.datasets import load_iris

gen = torch.Generator().manual_seed(4)
iris = load_iris()
X = torch.tensor((iris.data - iris.data.mean(0)) / iris.data.std(0), dtype=torch.float32)
Y = torch.tensor(iris.target)
idx = torch.randperm(150, generator=gen)
tr, te = idx[:105], idx[105:]

W1 = torch.randn(4, 12, generator=gen) * 0.5
b1 = torch.zeros(12)
W2 = torch.randn(12, 3, generator=gen) * 0.3
b2 = torch.zeros(3)
weights = [W1, b1, W2, b2]
velocity = [torch.zeros_like(w) for w in weights]
for w in weights:
    w.requires_grad_()

LR, MOMENTUM = 0.02, 0.8


def forward(x):
    return torch.tanh(x @ W1 + b1) @ W2 + b2


for epoch in range(1, 61):
    history = []
    for batch in tr[torch.randperm(len(tr), generator=gen)].split(15):
        loss = torch.nn.functional.cross_entropy(forward(X[batch]), Y[batch])
        grads = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, v, g in zip(weights, velocity, grads):
                v.mul_(MOMENTUM).add_(g)
                w.add_(v, alpha=LR)  # cure: w.sub_(v, alpha=LR)
        history.append(loss.item())
    if epoch % 10 == 0:
        with torch.no_grad():
            acc = (forward(X[te]).argmax(1) == Y[te]).float().mean()
        print(f"epoch {epoch:3d}  loss {np.mean(history):.4f}  test accuracy {acc:.3f}")
