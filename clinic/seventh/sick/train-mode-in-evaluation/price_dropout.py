"""House-price style regression with a dropout MLP; keeps the best weights by validation error."""
import copy
import logging
import sys

import torch
from torch import nn

logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
log = logging.getLogger("price")
torch.manual_seed(27)


def houses(n):
    area, rooms, age, dist = torch.randn(4, n)
    price = 1.2 * area + 0.4 * rooms - 0.5 * age * torch.sigmoid(area) - 0.6 * torch.tanh(2 * dist) + 0.15 * torch.randn(n)
    return torch.stack([area, rooms, age, dist], 1), price / 1.5


class Price(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 96), nn.ReLU(), nn.Dropout(0.3), nn.Linear(96, 96), nn.ReLU(), nn.Dropout(0.3))
        self.out = nn.Linear(96, 1)

    def forward(self, x):
        return self.out(self.body(x)).squeeze(-1)


x, y = houses(2500)
x_val, y_val = houses(600)
model = Price()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
mse = nn.MSELoss()
best, best_state = float("inf"), None
for epoch in range(15):
    model.train()
    for idx in torch.randperm(len(x)).split(50):
        opt.zero_grad()
        mse(model(x[idx]), y[idx]).backward()
        opt.step()
    # cure: model.eval()
    with torch.no_grad():
        train_err, val_err = mse(model(x), y).item(), mse(model(x_val), y_val).item()
    if val_err < best:
        best, best_state = val_err, copy.deepcopy(model.state_dict())
    log.info("epoch %2d  train %.4f  validation %.4f  best %.4f", epoch, train_err, val_err, best)
model.load_state_dict(best_state)
