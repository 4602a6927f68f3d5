"""One-step forecast of a modulated wave with a hand-made LSTM layer (gates in one matrix)."""
import math
import torch
from torch import nn

torch.manual_seed(9)


class LSTMLayer(nn.Module):
    def __init__(self, n_in, n_hid, forget_bias=20.0):
        super().__init__()
        self.n_hid = n_hid
        self.gates = nn.Linear(n_in + n_hid, 3 * n_hid)
        self.cand = nn.Linear(n_in + n_hid, n_hid)
        nn.init.constant_(self.gates.bias, forget_bias)  # cure: nn.init.constant_(self.gates.bias[n_hid:2 * n_hid], 1.0)
        nn.init.constant_(self.cand.bias, forget_bias)  # cure: delete

    def forward(self, x):
        h = x.new_zeros(x.shape[1], self.n_hid)
        c = torch.zeros_like(h)
        for x_t in x:
            xh = torch.cat([x_t, h], 1)
            i, f, o = torch.sigmoid(self.gates(xh)).chunk(3, 1)
            c = f * c + i * torch.tanh(self.cand(xh))
            h = o * torch.tanh(c)
        return h


def series(n):
    t = torch.arange(n) * 0.15
    return torch.sin(t) * (1 + 0.5 * torch.sin(0.21 * t)) + 0.3 * torch.sin(3.3 * t)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = LSTMLayer(1, 32)
        self.out = nn.Linear(32, 1)

    def forward(self, w):
        return self.out(self.lstm(w.t().unsqueeze(2))).squeeze(1)


s = series(2600) + 0.02 * torch.randn(2600)
win = s.unfold(0, 21, 1)
x, y = win[:, :20], win[:, 20]
cut = 2000
model = Forecaster()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(1, 6):
    tot = 0.0
    for idx in torch.randperm(cut).split(64):
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        tot += loss.item() * len(idx)
    with torch.no_grad():
        val = nn.functional.mse_loss(model(x[cut + 21:]), y[cut + 21:])
    print(f"epoch {epoch}: train mse {tot / cut:.4f}, later part {val:.4f} (variance {y.var():.3f})")
