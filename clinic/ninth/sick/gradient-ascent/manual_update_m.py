"""Logistic regression with a hidden layer on the breast cancer data; parameters updated by a small home-made optimiser."""
import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(102)
X, y = load_breast_cancer(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
order = torch.randperm(len(y))
train, test = order[:430], order[430:]


class Momentum:
    def __init__(self, params, lr, mu=0.9):
        self.params, self.lr, self.mu = list(params), lr, mu
        self.v = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def update(self):
        for p, v in zip(self.params, self.v):
            v.mul_(self.mu).add_(p.grad)
            p.add_(v, alpha=self.lr)  # cure: p.sub_(v, alpha=self.lr)
            p.grad = None


w1 = (torch.randn(30, 16) / 30 ** 0.5).requires_grad_()
b1 = torch.zeros(16, requires_grad=True)
w2 = (torch.randn(16) / 4).requires_grad_()
b2 = torch.zeros(1, requires_grad=True)


def score(x):
    return torch.tanh(x @ w1 + b1) @ w2 + b2


def nll(rows):
    return torch.nn.functional.binary_cross_entropy_with_logits(score(X[rows]), y[rows])


opt = Momentum([w1, b1, w2, b2], lr=0.003)
for epoch in range(1, 31):
    for rows in train[torch.randperm(len(train))].split(32):
        loss = nll(rows)
        loss.backward()
        opt.update()
    if epoch % 3 == 0:
        with torch.no_grad():
            acc = ((score(X[test]) > 0) == (y[test] > 0.5)).float().mean()
            print(f"epoch {epoch} train {nll(train):.4f} test {nll(test):.4f} acc {acc:.3f}")
