"""Iris with a one-hidden-layer network, updated by hand so that every step is visible."""
import torch
from sklearn.datasets import load_iris

torch.manual_seed(2)
data = load_iris()
X = torch.tensor(data.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
T = torch.tensor(data.target)
order = torch.randperm(150)
train, test = order[:110], order[110:]

W1 = (0.5 * torch.randn(4, 12)).requires_grad_()
b1 = torch.zeros(12, requires_grad=True)
W2 = (0.3 * torch.randn(12, 3)).requires_grad_()
b2 = torch.zeros(3, requires_grad=True)
params = [W1, b1, W2, b2]
rate = 0.1


def logprobs(x):
    return torch.log_softmax(torch.tanh(x @ W1 + b1) @ W2 + b2, 1)


def nll(rows):
    return -logprobs(X[rows])[torch.arange(len(rows)), T[rows]].mean()


for epoch in range(1, 41):
    for rows in train[torch.randperm(110)].split(11):
        grads = torch.autograd.grad(nll(rows), params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p.add_(rate * g)  # cure: p.sub_(rate * g)
    if epoch % 5 == 0:
        with torch.no_grad():
            acc = (logprobs(X[test]).argmax(1) == T[test]).float().mean()
            print(f"epoch {epoch}: nll {nll(train).item():.4f} test accuracy {acc.item():.3f}")
