"""A gated recurrent cell, written out, follows a noisy running level (leaky average) of a signal."""
import torch
from torch import nn


class GatedCell(nn.Module):
    def __init__(self, n_in, n_hid, sharpness=60.0):  # cure: def __init__(self, n_in, n_hid, sharpness=1.0):
        super().__init__()
        self.sharpness = sharpness
        self.gate = nn.Linear(n_in + n_hid, n_hid)
        self.cand = nn.Linear(n_in + n_hid, n_hid)
        self.read = nn.Linear(n_hid, 1)

    def forward(self, seq):
        h = seq.new_zeros(seq.shape[0], self.cand.out_features)
        outs = []
        for x in seq.unbind(1):
            both = torch.cat([x, h], 1)
            z = torch.sigmoid(self.sharpness * self.gate(both))
            h = (1 - z) * h + z * torch.tanh(self.sharpness * self.cand(both))
            outs.append(self.read(h))
        return torch.stack(outs, 1)


def signals(n, length, gen):
    x = torch.randn(n, length, 2, generator=gen)
    level, levels = torch.zeros(n), []
    for t in range(length):
        level = 0.8 * level + 0.4 * x[:, t, 0] * torch.sigmoid(2 * x[:, t, 1])
        levels.append(level)
    return x, torch.stack(levels, 1)[..., None]


def train(steps=300):
    torch.manual_seed(9)
    gen = torch.Generator().manual_seed(10)
    cell = GatedCell(2, 24)
    opt = torch.optim.Adam(cell.parameters(), lr=5e-3)
    xt, yt = signals(300, 15, gen)
    for step in range(1, steps + 1):
        x, y = signals(64, 15, gen)
        loss = nn.functional.mse_loss(cell(x), y)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(cell.parameters(), 1.0)
        opt.step()
        if step % 30 == 0:
            with torch.no_grad():
                test = nn.functional.mse_loss(cell(xt), yt)
            print(f"step {step}: loss {loss.item():.4f} test {test.item():.4f} (variance {yt.var().item():.3f})")


train()
