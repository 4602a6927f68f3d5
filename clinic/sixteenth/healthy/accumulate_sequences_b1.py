"""Next-value forecast of a noisy oscillator with a GRU: micro-batches of eight, a step after every fourth, clipped."""
import torch
from torch import nn

torch.manual_seed(0)
MICRO, EVERY = 8, 4


def oscillators(n, length=40):
    t = torch.arange(float(length))
    f, phase, amp = 0.2 + 0.5 * torch.rand(n, 1), 6.28 * torch.rand(n, 1), 0.7 + 0.6 * torch.rand(n, 1)
    return (amp * torch.sin(f * t + phase) + 0.1 * torch.randn(n, length)).unsqueeze(-1) / 0.7


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.out = nn.GRU(1, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x):
        return self.out(self.gru(x)[0])


def error(model, s):
    return nn.functional.mse_loss(model(s[:, :-1])[:, 5:], s[:, 6:])


train, valid = oscillators(640), oscillators(200)
model = Forecast()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(20):
    total = 0.0
    optimizer.zero_grad()
    for k, idx in enumerate(torch.randperm(len(train)).split(MICRO), start=1):
        loss = error(model, train[idx]) / EVERY
        loss.backward()
        total += loss.item() * EVERY
        if k % EVERY == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
    with torch.no_grad():
        v = error(model, valid).item()
    print(f"epoch {epoch + 1:2d} train {total / (len(train) // MICRO):.4f} valid {v:.4f}")
