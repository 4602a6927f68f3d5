"""Stateful LSTM over long parallel streams with truncated backpropagation (chunks in time order, state carried over)."""
import torch
from torch import nn

torch.manual_seed(63)
STREAMS, LENGTH, CHUNK = 32, 2000, 20
t = torch.arange(LENGTH + 1).float()
speed = 0.25 + 0.1 * torch.rand(STREAMS, 1)
signal = torch.sin(speed * t + 6.28 * torch.rand(STREAMS, 1)) + 0.5 * torch.sin(2.3 * speed * t)
signal = (signal + 0.03 * torch.randn_like(signal)) / 0.8


class StreamModel(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x, state):
        h, state = self.lstm(x.unsqueeze(-1), state)
        return self.out(h).squeeze(-1), state


def detach(state):
    return tuple(s.detach() for s in state)


model = StreamModel()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(4):
    state, losses = None, []
    for start in range(0, 1600, CHUNK):
        x, y = signal[:, start:start + CHUNK], signal[:, start + 1:start + CHUNK + 1]
        pred, state = model(x, state)
        loss = nn.functional.mse_loss(pred, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        state = detach(state)
        losses.append(loss.item())
    with torch.no_grad():
        pred, _ = model(signal[:, 1600:-1], state)
        test = nn.functional.mse_loss(pred, signal[:, 1601:]).item()
    print(f"pass {epoch} first chunks {sum(losses[:10]) / 10:.4f} last chunks {sum(losses[-10:]) / 10:.4f} continuation mse {test:.4f}")
