# Remaining life of engines from windows of two vibration channels: an LSTM regression with two data streams.
import math
import torch
import torch.nn as nn
from torch.utils.data import DataLoader

torch.manual_seed(6)


def simulate(n, length=20):
    wear = torch.rand(n, 1)
    t = torch.arange(length)[None, :]
    a = (0.5 + wear) * torch.sin(2 * math.pi * t / 6 + 6.28 * torch.rand(n, 1)) + 0.2 * torch.randn(n, length)
    b = 0.7 * wear ** 2 * torch.sign(torch.sin(t * 1.7)) + 0.2 * torch.randn(n, length)
    windows = torch.stack([a, b], 2)
    life = 1 - wear[:, 0] ** 1.5 + 0.03 * torch.randn(n)
    return windows / windows.std((0, 1)), (life - 0.6) / 0.3


class Wear(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 32, batch_first=True)
        self.head = nn.Linear(32, 1)

    def forward(self, w):
        return self.head(self.lstm(w)[0][:, -1]).squeeze(-1)


windows, life = simulate(1600)
valid_w, valid_l = simulate(400)
batch = 40
window_stream = DataLoader(windows, batch_size=batch, shuffle=True)  # cure: window_stream = DataLoader(list(zip(windows, life)), batch_size=batch, shuffle=True)
life_stream = DataLoader(life, batch_size=batch, shuffle=True)  # cure: delete
net = Wear()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(12):
    losses = []
    for w, l in zip(window_stream, life_stream):  # cure: for w, l in window_stream:
        loss = nn.functional.mse_loss(net(w), l)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        p = net(valid_w)
        v = nn.functional.mse_loss(p, valid_l)
        r = torch.corrcoef(torch.stack([p, valid_l]))[0, 1]
    print(f"epoch {epoch + 1}: train mse {sum(losses) / len(losses):.3f} valid mse {v:.3f} correlation {r:.3f}")
