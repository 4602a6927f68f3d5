"""Estimate the strength of a steel melt from alloy contents; small data set, so every step sees all of it."""
import numpy as np
import torch

rng = np.random.default_rng(14)
torch.manual_seed(14)

# weight percentages of C, Mn, Si, Cr, Ni, Mo, V, Cu
base = np.array([0.35, 1.1, 0.3, 0.9, 1.5, 0.25, 0.1, 0.2])
alloys = base * np.exp(rng.normal(0, 0.4, (1200, 8)))
strength = (300 + 420 * np.sqrt(alloys[:, 0]) + 80 * alloys[:, 1] + 60 * np.tanh(2 * alloys[:, 3] * alloys[:, 5] * 4)
            + 40 * np.log1p(alloys[:, 4]) + rng.normal(0, 15, 1200))

x = torch.tensor((alloys - alloys.mean(0)) / alloys.std(0), dtype=torch.float32)
y = torch.tensor((strength - strength.mean()) / strength.std(), dtype=torch.float32)[:, None]
x_fit, y_fit, x_chk, y_chk = x[:1000], y[:1000], x[1000:], y[1000:]

model = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(),
                            torch.nn.Linear(32, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.05)  # cure: optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001)

for step in range(801):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x_fit), y_fit)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        with torch.no_grad():
            check = torch.nn.functional.mse_loss(model(x_chk), y_chk).item()
        print(f"step {step:4d}  fit {loss.item():.4f}  check {check:.4f}")
