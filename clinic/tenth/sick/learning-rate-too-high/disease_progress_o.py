"""Disease progression (diabetes data): small MLP, plain SGD with momentum, standardised inputs and target."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn

LEARNING_RATE = 0.25  # cure: LEARNING_RATE = 0.005
EPOCHS = 20


def standardised(a, ref):
    return (a - ref.mean(0)) / ref.std(0)


def load():
    X, y = load_diabetes(return_X_y=True)
    a, b, c, d = train_test_split(X, y[:, None], test_size=0.25, random_state=4)
    return [torch.from_numpy(np.float32(v)) for v in (standardised(a, a), standardised(b, a), standardised(c, c), standardised(d, c))]


def fit(model, x, y, xv, yv):
    optimiser = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.8, weight_decay=1e-3)
    for epoch in range(1, EPOCHS + 1):
        batch_losses = []
        for rows in torch.randperm(len(x)).split(33):
            optimiser.zero_grad()
            loss = nn.functional.mse_loss(model(x[rows]), y[rows])
            loss.backward()
            optimiser.step()
            batch_losses.append(loss.item())
        if epoch % 2 == 0:
            with torch.no_grad():
                valid = nn.functional.mse_loss(model(xv), yv).item()
            print(f"epoch {epoch:2d}: training {np.mean(batch_losses):.3f}  validation {valid:.3f}")


torch.manual_seed(4)
x, xv, y, yv = load()
fit(nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Linear(16, 1)), x, y, xv, yv)
