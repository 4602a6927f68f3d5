"""Poisson regression with a small network: how many visits does a site get, given its features?"""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(4)
torch.manual_seed(4)

n = 4000
x = rng.standard_t(6, size=(n, 6))
log_rate = 2.5 + 0.5 * x[:, 0] + 0.6 * np.sin(2 * x[:, 1]) - 0.4 * x[:, 2] * (x[:, 3] > 0)
counts = rng.poisson(np.exp(log_rate))
x = torch.tensor(x, dtype=torch.float32)
counts = torch.tensor(counts, dtype=torch.float32)
x_train, c_train, x_valid, c_valid = x[:3200], counts[:3200], x[3200:], counts[3200:]


class VisitModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, inputs):
        return self.net(inputs).squeeze(1).exp()  # cure: return nn.functional.softplus(self.net(inputs).squeeze(1)) + 1e-4


def deviance(rate, count):
    """Mean Poisson deviance, up to the part that does not depend on the rate."""
    return (rate - count * torch.log(rate + 1e-8)).mean()


model = VisitModel()
optimizer = torch.optim.SGD(model.parameters(), lr=0.006, momentum=0.9)
for epoch in range(1, 31):
    total = 0.0
    for index in torch.randperm(len(x_train)).split(64):
        loss = deviance(model(x_train[index]), c_train[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(index)
    with torch.no_grad():
        rate = model(x_valid)
        valid = deviance(rate, c_valid).item()
        error = (rate - c_valid).abs().mean().item()
    print(f"epoch {epoch:2d}: train {total / len(x_train):10.3f}  valid {valid:10.3f}  mean abs error {error:.2f}")
