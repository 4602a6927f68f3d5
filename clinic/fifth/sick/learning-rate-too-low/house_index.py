"""Fit a price index (made-up formula of eight features) with an MLP and plain SGD."""
import numpy as np
import torch
from torch.nn import Linear, Sequential, ELU, MSELoss

rs = np.random.RandomState(12)
torch.manual_seed(12)
n = 4000
feat = rs.uniform(0, 1, (n, 8))
price = (3 * feat[:, 0] + np.sin(5 * feat[:, 1]) + 2 * feat[:, 2] * feat[:, 3] - (feat[:, 4] - 0.5) ** 2 * 4
         + feat[:, 5] + 0.1 * rs.randn(n))
feat = (feat - feat.mean(0)) / feat.std(0)
price = (price - price.mean()) / price.std()
feat, price = torch.FloatTensor(feat), torch.FloatTensor(price).view(-1, 1)
n_train = 3200
lr = 0.05 / n_train  # cure: lr = 0.05

model = Sequential(Linear(8, 50), ELU(), Linear(50, 50), ELU(), Linear(50, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=lr)
mse = MSELoss()


def evaluate():
    with torch.no_grad():
        return mse(model(feat[n_train:]), price[n_train:]).item()


print(f"start: validation mse {evaluate():.4f}")
for epoch in range(30):
    perm = torch.randperm(n_train)
    total = 0
    for k in range(0, n_train, 32):
        sel = perm[k:k + 32]
        optimizer.zero_grad()
        loss = mse(model(feat[sel]), price[sel])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(sel)
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1}: train mse {total / n_train:.4f} validation mse {evaluate():.4f}")
