"""Track the friction of a conveyor online: one sample at a time as it arrives, predict first, then learn from it."""
import numpy as np
import torch
from torch import nn


def stream(n, seed=0):
    """Load, speed, temperature and belt age -> friction, one reading after the other."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        s = rng.normal(size=4)
        f = 0.8 * np.tanh(1.5 * s[0]) + 0.5 * s[1] * s[2] + 0.3 * abs(s[3]) + rng.normal(0, 0.1)
        yield torch.tensor(s, dtype=torch.float32), torch.tensor([f], dtype=torch.float32)


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh(), nn.Linear(40, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 1 / (1 + t / 4000))
ahead = []
for t, (x, y) in enumerate(stream(12000), start=1):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    ahead.append(loss.item())
    if t % 1000 == 0:
        print(f"reading {t:5d}  one-ahead mse of the last 1000: {np.mean(ahead[-1000:]):.4f}")
