"""Online model of a heat pump: predict the power drawn from the readings as they arrive, minute by minute."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(31)
torch.manual_seed(31)


def stream(n_blocks, rows=32):
    """Yields blocks of (readings, power in kW); readings are already standardised by the gateway."""
    for k in range(n_blocks):
        x = rng.normal(size=(rows, 6)).astype(np.float32)
        y = 0.9 * x[:, 0] + np.sin(1.5 * x[:, 1]) - 0.5 * x[:, 2] * x[:, 3] + 0.05 * rng.normal(size=rows)
        if 620 <= k < 626:
            y[rng.random(rows) < 0.25] = -999.0  # meter not reachable
        yield x, y.astype(np.float32)


def to_batch(x, y):
    keep = np.isfinite(y)  # cure: keep = np.isfinite(y) & (y > -900)
    return torch.from_numpy(x[keep]), torch.from_numpy(y[keep])


model = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.8)
losses = []
for k, (x, y) in enumerate(stream(900)):
    x, y = to_batch(x, y)
    loss = nn.functional.mse_loss(model(x).squeeze(-1), y)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 50.0)
    optimizer.step()
    losses.append(loss.item())
    if (k + 1) % 50 == 0:
        print(f"block {k + 1:4d}: prequential mse {np.mean(losses[-50:]):.4f}, last {losses[-1]:.4f}")
