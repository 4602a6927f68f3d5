"""Predict a simulated household's power use; an MLP with functional dropout on the wide layers, early stopping."""
import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class House(nn.Module):
    def __init__(self, features, width=128, p=0.3):
        super().__init__()
        self.a = nn.Linear(features, width)
        self.b = nn.Linear(width, width)
        self.c = nn.Linear(width, 1)
        self.p = p

    def forward(self, x):
        x = F.dropout(F.relu(self.a(x)), self.p)  # cure: x = F.dropout(F.relu(self.a(x)), self.p, self.training)
        x = F.dropout(F.relu(self.b(x)), self.p)  # cure: x = F.dropout(F.relu(self.b(x)), self.p, self.training)
        return self.c(x).squeeze(-1)


def household(n, rng):
    hour, outside = rng.uniform(0, 24, n), rng.normal(10, 8, n)
    people, size = rng.integers(1, 6, n), rng.uniform(40, 200, n)
    use = 0.3 * people * (1 + np.sin((hour - 12) / 24 * 2 * np.pi)) + np.maximum(0, 18 - outside) * size / 1500
    x = np.stack([np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), (outside - 10) / 8, (people - 3) / 1.4, (size - 120) / 46], 1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor((use + 0.1 * rng.normal(size=n) - 1.8) / 1.2, dtype=torch.float32)


def main():
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    (x, y), (xv, yv), (xt, yt) = household(3000, rng), household(600, rng), household(600, rng)
    model = House(5)
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
    best, best_state, waited = float("inf"), None, 0
    for epoch in range(40):
        model.train()
        for i in torch.randperm(len(x)).split(100):
            loss = F.mse_loss(model(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            score = F.mse_loss(model(xv), yv).item()
        waited += 1
        if score < best:
            best, best_state, waited = score, copy.deepcopy(model.state_dict()), 0
        print(f"epoch {epoch} last batch {loss.item():.4f} valid {score:.4f} best {best:.4f}")
        if waited == 10:
            break
    model.load_state_dict(best_state)
    model.eval()
    with torch.no_grad():
        print("test mse of the same weights, three times:", *(f"{F.mse_loss(model(xt), yt):.4f}" for _ in range(3)))


main()
