"""One-step-ahead forecast of a noisy, modulated oscillation with a GRU over sliding windows."""
import math
import torch
import torch.nn as nn

torch.manual_seed(9)
WINDOW, HIDDEN, BATCH = 24, 24, 64

t = torch.arange(1500, dtype=torch.float32)
series = torch.sin(2 * math.pi * t / 17) * (1 + 0.4 * torch.sin(2 * math.pi * t / 140)) + 0.05 * torch.randn(1500)
series = (series - series.mean()) / series.std()


def windows(start, stop):
    xs, ys = [], []
    for i in range(start, stop - WINDOW):
        xs.append(series[start:start + WINDOW])  # cure: xs.append(series[i:i + WINDOW])
        ys.append(series[i + WINDOW])
    return torch.stack(xs).unsqueeze(-1), torch.stack(ys)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, HIDDEN, batch_first=True)
        self.read = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        _, h = self.gru(x)
        return self.read(h[-1]).squeeze(-1)


x_train, y_train = windows(0, 1200)
x_test, y_test = windows(1200, 1500)
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
loss_fn = nn.MSELoss()

for epoch in range(12):
    perm = torch.randperm(len(x_train))
    mean_loss = 0.0
    for k in range(0, len(perm), BATCH):
        b = perm[k:k + BATCH]
        loss = loss_fn(model(x_train[b]), y_train[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        mean_loss += loss.item() * len(b) / len(perm)
    with torch.no_grad():
        test = loss_fn(model(x_test), y_test).item()
    print(f"epoch {epoch:2d}: train mse {mean_loss:.4f}, test mse {test:.4f}")
