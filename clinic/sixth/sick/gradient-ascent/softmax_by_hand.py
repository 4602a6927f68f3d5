"""Softmax regression on iris, gradient descent written out by hand with momentum."""
import torch
from sklearn.datasets import load_iris

torch.manual_seed(77)
iris = load_iris()
X = torch.tensor(iris.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
Y = torch.tensor(iris.target)
idx = torch.randperm(150)
train, test = idx[:110], idx[110:]

params = {"W": torch.zeros(4, 3, requires_grad=True), "b": torch.zeros(3, requires_grad=True)}
velocity = {k: torch.zeros_like(v) for k, v in params.items()}


def loss_on(rows):
    return torch.nn.functional.cross_entropy(X[rows] @ params["W"] + params["b"], Y[rows])


def update(lr=0.05, beta=0.9):
    with torch.no_grad():
        for k, p in params.items():
            velocity[k] = beta * velocity[k] + p.grad
            p += lr * velocity[k]  # cure: p -= lr * velocity[k]
            p.grad = None


for epoch in range(1, 31):
    for rows in train[torch.randperm(len(train))].split(22):
        loss_on(rows).backward()
        update()
    if epoch % 3 == 0:
        with torch.no_grad():
            acc = ((X[test] @ params["W"] + params["b"]).argmax(1) == Y[test]).float().mean()
            print(f"epoch {epoch:3d}  train nll {loss_on(train):.4f}  test nll {loss_on(test):.4f}  test acc {acc:.3f}")
