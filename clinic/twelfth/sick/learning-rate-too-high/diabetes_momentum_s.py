"""Disease progression (diabetes data): ridge-regularised linear model by minibatch SGD."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

rng = np.random.RandomState(7)
torch.manual_seed(7)

X, y = load_diabetes(return_X_y=True)
order = rng.permutation(len(X))
X, y = X[order], y[order]
split = 340
sx, sy = StandardScaler().fit(X[:split]), StandardScaler().fit(y[:split, None])
X = torch.tensor(sx.transform(X), dtype=torch.float32)
y = torch.tensor(sy.transform(y[:, None]), dtype=torch.float32)

hyper = dict(lr=0.14, momentum=0.9, weight_decay=1e-3)  # cure: hyper = dict(lr=0.002, momentum=0.9, weight_decay=1e-3)
model = torch.nn.Linear(X.shape[1], 1)
optimizer = torch.optim.SGD(model.parameters(), **hyper)
mse = torch.nn.MSELoss()

for epoch in range(60):
    batches = torch.randperm(split).split(34)
    mean = 0.0
    for b in batches:
        optimizer.zero_grad()
        loss = mse(model(X[b]), y[b])
        loss.backward()
        optimizer.step()
        mean += loss.item() / len(batches)
    if epoch % 6 == 5:
        with torch.no_grad():
            val = mse(model(X[split:]), y[split:]).item()
        print("epoch %2d  train mse %.4f  valid mse %.4f  (predicting the mean: 1.0)" % (epoch + 1, mean, val))
