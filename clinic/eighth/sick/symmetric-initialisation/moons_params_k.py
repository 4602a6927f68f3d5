"""Two-moons classifier written with bare parameters."""
import torch
import torch.nn.functional as F
from sklearn.datasets import make_moons

torch.manual_seed(1)
X, y = make_moons(2000, noise=0.15, random_state=1)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
X_train, y_train, X_test, y_test = X[:1500], y[:1500], X[1500:], y[1500:]


def param(*shape, value=None):
    t = torch.full(shape, value) if value is not None else torch.randn(*shape) / shape[0] ** 0.5
    return t.requires_grad_()


W1, b1 = param(2, 32, value=0.2), param(32, value=0.0)  # cure: W1, b1 = param(2, 32), param(32, value=0.0)
W2, b2 = param(32, 1, value=0.1), param(1, value=0.0)
theta = [W1, b1, W2, b2]
opt = torch.optim.SGD(theta, lr=0.2, momentum=0.9)


def forward(x):
    return (torch.tanh(x @ W1 + b1) @ W2 + b2).squeeze(1)


for epoch in range(40):
    for batch in torch.randperm(1500).split(50):
        loss = F.binary_cross_entropy_with_logits(forward(X_train[batch]), y_train[batch])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            full = F.binary_cross_entropy_with_logits(forward(X_train), y_train)
            acc = ((forward(X_test) > 0) == (y_test > 0.5)).float().mean()
        print("epoch", epoch + 1, "loss", round(full.item(), 4), "accuracy", round(acc.item(), 4))
