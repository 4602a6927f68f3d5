"""Online forecast of a tide gauge: each step takes the newest readings, learns from them and moves on."""
import numpy as np
import torch

rng = np.random.default_rng(2)
torch.manual_seed(2)
hours = np.arange(26000)
level = np.sin(2 * np.pi * hours / 12.42) + 0.4 * np.sin(2 * np.pi * hours / 24.0 + 1) + 0.2 * np.sin(2 * np.pi * hours / 327)
level += 0.05 * rng.standard_normal(len(hours))
level[19020:19032] = 9999.0
level = torch.tensor(level, dtype=torch.float32)
# cure: level = torch.where(level > 100, torch.zeros(()), level)

LAGS, CHUNK = 30, 32
net = torch.nn.Sequential(torch.nn.Linear(LAGS, 48), torch.nn.Tanh(), torch.nn.Linear(48, 48), torch.nn.Tanh(),
                          torch.nn.Linear(48, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
window = []
position = LAGS
while position + CHUNK < len(level):
    rows = torch.arange(position, position + CHUNK)
    x = level[rows[:, None] - LAGS + torch.arange(LAGS)]
    y = level[rows]
    loss = torch.nn.functional.mse_loss(net(x)[:, 0], y)  # error before the step: an honest forecast
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    window.append(loss.item())
    position += CHUNK
    if len(window) == 40:
        print(f"hour {position:6d}  forecast mse {np.mean(window):12.5f}  median {np.median(window):.5f}")
        window = []
