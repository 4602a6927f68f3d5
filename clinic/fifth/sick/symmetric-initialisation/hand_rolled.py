"""A one-hidden-layer digit classifier with hand-made parameters and plain SGD, no nn.Module."""
import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16 - 0.3).float()
y = torch.tensor(y)
perm = torch.randperm(len(X))
X, y = X[perm], y[perm]
cut = 1400

n_hidden = 40
W1 = torch.full((64, n_hidden), 0.05)  # cure: W1 = torch.randn(64, n_hidden) / 8
b1 = torch.zeros(n_hidden)
W2 = torch.full((n_hidden, 10), 0.05)  # cure: W2 = torch.randn(n_hidden, 10) / n_hidden ** 0.5
b2 = torch.zeros(10)
params = [W1, b1, W2, b2]
for p in params:
    p.requires_grad_(True)


def forward(a):
    return torch.tanh(a @ W1 + b1) @ W2 + b2


lr = 0.2
for epoch in range(10):
    losses = []
    for idx in torch.randperm(cut).split(32):
        loss = torch.nn.functional.cross_entropy(forward(X[idx]), y[idx])
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p.sub_(lr * g)
        losses.append(loss.item())
    if epoch % 2 == 1:
        with torch.no_grad():
            acc = (forward(X[cut:]).argmax(1) == y[cut:]).double().mean().item()
        print("epoch %d  loss %.3f  test accuracy %.1f%%" % (epoch + 1, sum(losses) / len(losses), 100 * acc))
