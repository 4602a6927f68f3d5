"""Disease progression after one year (diabetes data) from ten baseline variables; a network with two hidden layers."""
import torch
from torch import nn
from sklearn.datasets import load_diabetes

torch.manual_seed(0)
d = load_diabetes()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean(0)) / x.std(0)
y = torch.tensor(d.target, dtype=torch.float32)[:, None]
y = (y - y.mean()) / y.std()
perm = torch.randperm(len(x))
train, valid = perm[:250], perm[250:]

model = nn.Sequential(nn.Linear(10, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
n_epochs = 150  # cure: n_epochs = 8
for epoch in range(1, n_epochs + 1):
    total = 0.0
    for idx in train[torch.randperm(len(train))].split(25):
        loss = (model(x[idx]) - y[idx]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 10
    if epoch % max(1, n_epochs // 10) == 0:
        with torch.no_grad():
            v = (model(x[valid]) - y[valid]).square().mean().item()
        print(f"epoch {epoch:3d}: train mse {total:.4f}  validation mse {v:.4f}")
