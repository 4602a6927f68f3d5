"""Regression on a smooth function of eight variables; an exponential average of the weights is the model to keep."""
import copy

import torch
from sklearn.datasets import make_friedman1
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
features, target = make_friedman1(n_samples=3000, n_features=8, noise=0.5, random_state=1)
x = torch.tensor(features, dtype=torch.float32)
y = torch.tensor(target, dtype=torch.float32).unsqueeze(1)
x_train, y_train, x_test, y_test = x[:2400], y[:2400], x[2400:], y[2400:]
x_mean, x_std = x_train.mean(0), x_train.std(0)
y_mean, y_std = y_train.mean(), y_train.std()
x_train, x_test = (x_train - x_mean) / x_std, (x_test - x_mean) / x_std
y_train, y_test = (y_train - y_mean) / y_std, (y_test - y_mean) / y_std

loader = DataLoader(TensorDataset(x_train, y_train), batch_size=100, shuffle=True)
model = nn.Sequential(
    nn.Linear(8, 48), nn.BatchNorm1d(48), nn.ReLU(),
    nn.Linear(48, 48), nn.BatchNorm1d(48), nn.ReLU(),
    nn.Linear(48, 1),
)
averaged = copy.deepcopy(model)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 30, eta_min=0.01)


def track(decay=0.99):
    with torch.no_grad():
        for slow, fast in zip(averaged.parameters(), model.parameters()):
            slow.lerp_(fast, 1 - decay)
        # cure: for slow, fast in zip(averaged.buffers(), model.buffers()):
        # cure:     slow.copy_(fast)


def test_loss(net):
    net.eval()
    with torch.no_grad():
        return criterion(net(x_test), y_test).item()


for epoch in range(30):
    model.train()
    running = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        track()
        running += loss.item() / len(loader)
    scheduler.step()
    print(f"{epoch:3d}  train mse {running:.4f}  averaged model, test mse {test_loss(averaged):.4f}")
