"""Predict the progression of diabetes one year after baseline from ten measurements."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 80  # cure: EPOCHS = 6

torch.manual_seed(1)
data = load_diabetes()
x_train, x_valid, y_train, y_valid = train_test_split(data.data, data.target, test_size=0.25, random_state=1)
sx = StandardScaler().fit(x_train)
sy = StandardScaler().fit(y_train[:, None])


def tensors(x, y):
    return TensorDataset(torch.tensor(sx.transform(x), dtype=torch.float32),
                         torch.tensor(sy.transform(y[:, None]), dtype=torch.float32))


train_loader = DataLoader(tensors(x_train, y_train), batch_size=16, shuffle=True)
valid_loader = DataLoader(tensors(x_valid, y_valid), batch_size=128)

model = nn.Sequential(
    nn.Linear(10, 256), nn.ReLU(),
    nn.Linear(256, 128), nn.ReLU(),
    nn.Linear(128, 1),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.MSELoss()

for epoch in range(EPOCHS):
    model.train()
    train_loss = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * len(x)
    train_loss /= len(train_loader.dataset)

    model.eval()
    valid_loss = 0.0
    with torch.no_grad():
        for x, y in valid_loader:
            valid_loss += criterion(model(x), y).item() * len(x)
    valid_loss /= len(valid_loader.dataset)
    print(f"Epoch {epoch + 1}/{EPOCHS}  train MSE {train_loss:.3f}  valid MSE {valid_loss:.3f}")
