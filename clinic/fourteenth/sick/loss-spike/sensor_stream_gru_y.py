"""One-step-ahead forecast of a temperature sensor, trained as the readings stream in."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(33)
torch.manual_seed(33)
W, BATCH, STEPS = 24, 32, 900
hours = np.arange(BATCH * STEPS + W)
celsius = 14 + 6 * np.sin(hours / 24 * 2 * np.pi) + 2.5 * np.sin(hours / 168 * 2 * np.pi) + rng.normal(0, 0.5, len(hours))
celsius[BATCH * 620:BATCH * 620 + 12] = -999.0  # the logger was being serviced
# cure: bad = celsius < -100
# cure: celsius[bad] = np.interp(hours[bad], hours[~bad], celsius[~bad])
scaled = torch.tensor((celsius - 14) / 5, dtype=torch.float32)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 24, batch_first=True)
        self.out = nn.Linear(24, 1)

    def forward(self, window):
        h, _ = self.gru(window.unsqueeze(2))
        return self.out(h[:, -1]).squeeze(1)


def stream():
    """Every chunk of the stream, its windows together with some windows of the past thousand hours."""
    for k in range(STEPS):
        low = max(0, k * BATCH - 1000)
        start = torch.cat([torch.arange(k * BATCH, (k + 1) * BATCH), torch.randint(low, (k + 1) * BATCH, (BATCH,))])
        yield scaled[start[:, None] + torch.arange(W)], scaled[start + W]


model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
window_loss = []
for step, (past, future) in enumerate(stream(), 1):
    loss = nn.functional.mse_loss(model(past), future)
    opt.zero_grad()
    loss.backward()
    opt.step()
    window_loss.append(loss.item())
    if step % 30 == 0:
        print(f"after {step * BATCH:6d} hours: mse {np.mean(window_loss):.4f}")
        window_loss.clear()
