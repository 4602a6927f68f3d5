"""Speed of sound in moist air from a weather station's readings: pressure [Pa], temperature [K], humidity [0..1]."""
import numpy as np
import torch

rng = np.random.default_rng(0)
torch.manual_seed(0)
n = 3000
pressure = rng.uniform(80e3, 105e3, n)
temperature = rng.uniform(250, 315, n)
humidity = rng.uniform(0, 1, n)
vapour = humidity * 611 * np.exp(17.5 * (temperature - 273.15) / (temperature - 32.2))
speed = 20.05 * np.sqrt(temperature * (1 + 0.32 * vapour / pressure)) + 0.1 * rng.normal(size=n)

X = np.stack([pressure, temperature, humidity], 1)
# cure: X = (X - X[:2400].mean(0)) / X[:2400].std(0)
X = torch.tensor(X, dtype=torch.float32)
Y = torch.tensor((speed - speed.mean()) / speed.std(), dtype=torch.float32)[:, None]
X_train, Y_train, X_test, Y_test = X[:2400], Y[:2400], X[2400:], Y[2400:]

model = torch.nn.Sequential(
    torch.nn.Linear(3, 40),
    torch.nn.Tanh(),
    torch.nn.Linear(40, 40),
    torch.nn.Tanh(),
    torch.nn.Linear(40, 1),
)
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = torch.nn.MSELoss()

for epoch in range(1, 31):
    running = 0.0
    for idx in torch.randperm(2400).split(48):
        optimizer.zero_grad()
        loss = criterion(model(X_train[idx]), Y_train[idx])
        loss.backward()
        optimizer.step()
        running += loss.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            rmse = criterion(model(X_test), Y_test).sqrt().item() * speed.std()
        print(f"epoch {epoch:2d}  train mse {running / 50:.4f}  test rmse {rmse:.3f} m/s")
