"""Friedman's regression problem with a network of bare tensors (to see what nn.Linear does for us)."""
import torch
from sklearn.datasets import make_friedman1

torch.manual_seed(6)
X, t = make_friedman1(n_samples=1500, n_features=8, noise=0.5, random_state=6)
X = torch.tensor(X, dtype=torch.float32)
t = torch.tensor(t, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
t = (t - t.mean()) / t.std()
X_train, t_train, X_val, t_val = X[:1100], t[:1100], X[1100:], t[1100:]

sizes = [8, 64, 64, 64, 1]
weights, biases = [], []
for n_in, n_out in zip(sizes[:-1], sizes[1:]):
    w = torch.randn(n_in, n_out)  # cure: w = torch.randn(n_in, n_out) * (2 / n_in) ** 0.5
    weights.append(w.requires_grad_())
    biases.append(torch.zeros(n_out, requires_grad=True))


def net(x):
    for k, (w, b) in enumerate(zip(weights, biases)):
        x = x @ w + b
        if k < len(weights) - 1:
            x = x.relu()
    return x[:, 0]


adam = torch.optim.Adam(weights + biases, lr=1e-3)
for epoch in range(30):
    order = torch.randperm(len(X_train))
    mean_loss = 0.0
    for start in range(0, len(order), 50):
        rows = order[start:start + 50]
        loss = ((net(X_train[rows]) - t_train[rows]) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        mean_loss += loss.item() * len(rows) / len(order)
    if epoch % 3 == 2:
        with torch.no_grad():
            val = ((net(X_val) - t_val) ** 2).mean().item()
        print("epoch", epoch + 1, "train", round(mean_loss, 4), "validation", round(val, 4))
