"""Energy use of a building from ten design variables; a plain multi-layer perceptron with normalisation layers."""
import torch
from sklearn.datasets import make_friedman1
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(77)
BATCH_SIZE = 2  # cure: BATCH_SIZE = 32
EPOCHS = 20

x, y = make_friedman1(n_samples=1500, n_features=10, noise=0.4, random_state=7)
x = torch.as_tensor(x, dtype=torch.float32)
y = torch.as_tensor(y, dtype=torch.float32)
x = (x - x[:1000].mean(0)) / x[:1000].std(0)
y = (y - y[:1000].mean()) / y[:1000].std()
train_data = TensorDataset(x[:1000], y[:1000])
test_data = TensorDataset(x[1000:], y[1000:])


class EnergyModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(
            nn.Linear(10, 32), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Linear(32, 32), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Linear(32, 1),
        )

    def forward(self, inputs):
        return self.stack(inputs).squeeze(1)


def evaluate(model, criterion):
    model.eval()
    with torch.no_grad():
        losses = [criterion(model(a), b).item() for a, b in DataLoader(test_data, batch_size=250)]
    return sum(losses) / len(losses)


model = EnergyModel()
criterion = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=3e-3)
loader = DataLoader(train_data, batch_size=BATCH_SIZE, shuffle=True)
for epoch in range(EPOCHS):
    model.train()
    running = 0.0
    for a, b in loader:
        optimizer.zero_grad()
        loss = criterion(model(a), b)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f"epoch {epoch + 1:2d}/{EPOCHS}  train {running / len(loader):.4f}  test {evaluate(model, criterion):.4f}")
