"""Two layers by hand, plain tensors and plain gradient descent, on the irises."""

import numpy as np
import torch
from sklearn.datasets import load_iris

rng = np.random.default_rng(2)
torch.manual_seed(2)
features, species = load_iris(return_X_y=True)
features = (features - features.mean(0)) / features.std(0)
order = rng.permutation(150)
X = torch.tensor(features[order], dtype=torch.float32)
T = torch.tensor(species[order])

W1 = (torch.randn(4, 16) * 0.5).requires_grad_()
b1 = torch.zeros(16, requires_grad=True)
W2 = (torch.randn(16, 3) * 0.25).requires_grad_()
b2 = torch.zeros(3, requires_grad=True)
params = [W1, b1, W2, b2]


def scores(x):
    return torch.tanh(x @ W1 + b1) @ W2 + b2


def cost(x, t):
    return -torch.log_softmax(scores(x), 1)[torch.arange(len(t)), t].mean()


rate = 0.1
for step in range(600):
    pick = torch.randint(0, 110, (32,))
    loss = cost(X[pick], T[pick])
    loss.backward()
    with torch.no_grad():
        for p in params:
            p -= rate * p.grad
            # cure: p.grad = None
    if step % 50 == 49:
        with torch.no_grad():
            held = cost(X[110:], T[110:]).item()
            right = (scores(X[110:]).argmax(1) == T[110:]).float().mean().item()
        print(f"step {step + 1:3d}  cost {loss.item():.3f}  held out {held:.3f}  right {right:.2f}")
