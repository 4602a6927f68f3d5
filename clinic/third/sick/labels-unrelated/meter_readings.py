"""Predicts a household's yearly consumption from its questionnaire; the answers and the meters come in two tables."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(31)
torch.manual_seed(31)
N = 2000

# questionnaire: one row per household, ordered by household number
people = rng.integers(1, 7, N)
area = rng.normal(90, 25, N).clip(30, 200)
electric_heating = rng.random(N) < 0.3
age = rng.uniform(0, 60, N)
answers = np.stack([people, area, electric_heating, age], 1).astype(np.float32)
answers = (answers - answers.mean(0)) / answers.std(0)

# meters: (household number, megawatt hours), in the order in which they were read
consumption = 0.8 * people + area * (0.01 + 0.05 * electric_heating) * (1 + age / 60) + rng.normal(0, 0.2, N)
meters = np.stack([np.arange(N), consumption], 1)[rng.permutation(N)]

target = meters[:, 1]  # cure: target = meters[np.argsort(meters[:, 0]), 1]
target = ((target - target.mean()) / target.std()).astype(np.float32)

x, y = torch.from_numpy(answers), torch.from_numpy(target)[:, None]
loader = DataLoader(TensorDataset(x[:1600], y[:1600]), batch_size=64, shuffle=True)

net = nn.Sequential(nn.Linear(4, 24), nn.SiLU(), nn.Linear(24, 24), nn.SiLU(), nn.Linear(24, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
mse = nn.MSELoss()

for epoch in range(1, 41):
    seen = 0.0
    for xb, yb in loader:
        loss = mse(net(xb), yb)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        seen += loss.item()
    if epoch % 4 == 0:
        with torch.inference_mode():
            test = mse(net(x[1600:]), y[1600:]).item()
        print(
            f"epoch {epoch:2d}: train mse {seen / len(loader):.3f}, test mse {test:.3f}, r2 {1 - test / y[1600:].var().item():.3f}"
        )
