"""Which of five movements is it? A bidirectional LSTM on short three-axis acceleration windows
(simulated: frequency, phase relation and decay differ per movement)."""
import numpy as np
import torch
from torch import nn

rs = np.random.RandomState(9)
torch.manual_seed(9)
KINDS, LENGTH, BATCH, STEPS = 5, 30, 32, 420


def simulate(n):
    kind = rs.randint(KINDS, size=n)
    t = np.arange(LENGTH) / LENGTH
    freq = np.array([2.0, 2.0, 3.5, 3.5, 2.7])[kind] * rs.uniform(0.85, 1.15, n)
    lag = np.array([0.0, 1.6, 0.0, 1.6, 0.8])[kind] + rs.normal(0, 0.2, n)
    start = rs.uniform(0, 2 * np.pi, n)
    phase = 2 * np.pi * freq[:, None] * t + start[:, None]
    amp = rs.uniform(0.6, 1.4, n)[:, None]
    xyz = np.stack([amp * np.sin(phase), amp * np.sin(phase + lag[:, None]), amp * np.cos(phase) * (1 - t)], -1)
    xyz += rs.normal(0, 0.25, xyz.shape)
    return torch.tensor(xyz, dtype=torch.float32), torch.tensor(kind)


class MotionNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden, batch_first=True, bidirectional=True)
        self.cls = nn.Linear(2 * hidden, KINDS)

    def forward(self, x):
        return self.cls(self.lstm(x)[0].mean(1))


train_x, train_y = simulate(1920)
test_x, test_y = simulate(800)
n_batches = len(train_x) // BATCH
model = MotionNet()
optim = torch.optim.RMSprop(model.parameters(), lr=1.5e-3)
criterion = nn.CrossEntropyLoss()

for step in range(STEPS):
    start = step % n_batches  # cure: start = step % n_batches * BATCH
    x, y = train_x[start:start + BATCH], train_y[start:start + BATCH]
    logits = model(x)
    loss = criterion(logits, y)
    optim.zero_grad()
    loss.backward()
    optim.step()
    if (step + 1) % 35 == 0:
        with torch.no_grad():
            out = model(test_x)
        print("step", step + 1, "| loss", round(loss.item(), 4), "| test loss", round(criterion(out, test_y).item(), 4),
              "| test acc", round((out.argmax(-1) == test_y).float().mean().item(), 4))
