"""Online regression on a sensor stream that arrives batch by batch and is seen once."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(8)
torch.manual_seed(8)
mixing = rng.standard_normal((6, 2))


def stream(n_batches, size=32):
    for k in range(n_batches):
        x = rng.standard_normal((size, 6))
        y = np.tanh(x @ mixing).sum(1) + 0.1 * rng.standard_normal(size)
        if k == 1400:
            y[5] = 4095.0
        yield torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


net = nn.Sequential(nn.Linear(6, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
window = []
for k, (x, y) in enumerate(stream(2400), 1):
    # cure: x, y = x[y.abs() < 100], y[y.abs() < 100]
    loss = nn.functional.mse_loss(net(x).squeeze(1), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    window.append(loss.item())
    if k % 120 == 0:
        print(f"batch {k:5d}   mean squared error {np.mean(window):.4f}")
        window.clear()
