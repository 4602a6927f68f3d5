"""Find the virginica among the irises: logistic regression on quadratic features, written with plain tensors."""
import numpy as np
import torch
from sklearn.datasets import load_iris
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

torch.manual_seed(4)
iris = load_iris()
features = PolynomialFeatures(2, include_bias=False).fit_transform(iris.data)
wanted = iris.target == "virginica"  # cure: wanted = iris.target_names[iris.target] == "virginica"

order = np.random.default_rng(4).permutation(len(features))
train, test = order[:110], order[110:]
scaler = StandardScaler().fit(features[train])
X = torch.tensor(scaler.transform(features), dtype=torch.float32)
y = torch.tensor(wanted, dtype=torch.float32)

w = torch.zeros(X.shape[1], requires_grad=True)
b = torch.zeros((), requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1, momentum=0.9, weight_decay=1e-3)
loss_of = torch.nn.BCEWithLogitsLoss()

for epoch in range(150):
    for batch in torch.tensor(train)[torch.randperm(len(train))].split(22):
        optimizer.zero_grad()
        loss = loss_of(X[batch] @ w + b, y[batch])
        loss.backward()
        optimizer.step()
    if epoch % 15 == 14:
        with torch.no_grad():
            z = X @ w + b
            right = ((z > 0) == (y > 0.5)).float()
            print(f"epoch {epoch + 1:3d}  train loss {loss_of(z[train], y[train]):.4f}  "
                  f"test loss {loss_of(z[test], y[test]):.4f}  test accuracy {right[test].mean():.3f}  "
                  f"virginica found {int((z[test] > 0).sum())}")
