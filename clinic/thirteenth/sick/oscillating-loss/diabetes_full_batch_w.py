"""Predict the progress of diabetes with a linear model by full-batch gradient descent with momentum."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
data = load_diabetes()
X = StandardScaler().fit_transform(data.data)
y = (data.target - data.target.mean()) / data.target.std()
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
idx = torch.randperm(len(y))
train, valid = idx[:350], idx[350:]

model = torch.nn.Linear(10, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.999)  # cure: optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
mse = torch.nn.MSELoss()
for it in range(1, 601):
    optimizer.zero_grad()
    loss = mse(model(X[train]).squeeze(1), y[train])
    loss.backward()
    optimizer.step()
    if it % 12 == 0:
        with torch.no_grad():
            v = mse(model(X[valid]).squeeze(1), y[valid])
        print(f"iteration {it:3d}: train {loss.item():.4f} valid {v.item():.4f}")
