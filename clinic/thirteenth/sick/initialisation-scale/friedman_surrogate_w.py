"""Deep surrogate for the Friedman function; all linear layers start from a truncated normal, biases at zero."""
import torch
from sklearn.datasets import make_friedman1
from torch import nn

torch.manual_seed(0)
X, y = make_friedman1(n_samples=2500, n_features=8, noise=0.5, random_state=0)
X = torch.tensor(X * 2 - 1, dtype=torch.float32) * 1.7
y = torch.tensor((y - y.mean()) / y.std(), dtype=torch.float32).unsqueeze(1)
X_train, y_train, X_val, y_val = X[:2000], y[:2000], X[2000:], y[2000:]


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.trunc_normal_(m.weight, std=0.02)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


layers = [nn.Linear(8, 48), nn.ReLU()]
for _ in range(7):
    layers += [nn.Linear(48, 48), nn.ReLU()]
layers.append(nn.Linear(48, 1))
model = nn.Sequential(*layers)
model.apply(init)

optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
criterion = nn.MSELoss()
for epoch in range(20):
    model.train()
    epoch_loss = 0.0
    for batch in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        loss = criterion(model(X_train[batch]), y_train[batch])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() / 40
    model.eval()
    with torch.no_grad():
        val = criterion(model(X_val), y_val).item()
    if epoch % 2 == 1:
        print(f"Epoch {epoch + 1}/20 - loss: {epoch_loss:.4f} - val_loss: {val:.4f}")
