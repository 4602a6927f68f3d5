"""Forecast a river's level an hour ahead with a stateful GRU that runs through the long record in chunks."""
import time

import numpy as np
import torch
from torch import nn

torch.manual_seed(6)
rng = np.random.default_rng(6)
t = np.arange(1 + 24 * 60)
level = np.sin(t / 20) + 0.5 * np.sin(t / 7.3 + 1) + 0.05 * rng.normal(size=len(t))
level = torch.tensor((level - level.mean()) / level.std(), dtype=torch.float32)
chunks = list(zip(level[:-1].view(24, 1, 60, 1), level[1:].view(24, 1, 60, 1)))
train_chunks, test_chunks = chunks[:18], chunks[18:]


class Forecaster(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x, state):
        features, state = self.gru(x, state)
        return self.out(features), state


model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 30, eta_min=2e-3)
for epoch in range(30):
    state, total, clock = None, 0.0, []
    optimizer.zero_grad()
    for x, y in train_chunks:
        began = time.perf_counter()
        prediction, state = model(x, state)
        loss = (prediction - y).square().mean()
        (loss / len(train_chunks)).backward(retain_graph=True)  # cure: (loss / len(train_chunks)).backward()
        # cure: state = state.detach()
        clock.append(time.perf_counter() - began)
        total += loss.item()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    with torch.no_grad():
        test = 0.0
        for x, y in test_chunks:
            prediction, state = model(x, state)
            test += (prediction - y).square().mean().item() / len(test_chunks)
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d}  train {total / len(train_chunks):.4f}  test {test:.4f}  "
              f"first chunks {1e3 * np.mean(clock[:4]):.1f} ms  last chunks {1e3 * np.mean(clock[-4:]):.1f} ms")
