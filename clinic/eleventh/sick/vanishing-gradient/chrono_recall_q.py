"""LSTM that has to name the first symbol of a long noisy sequence.

The gate biases follow the chrono initialisation of Tallec & Ollivier, so that the cell starts out with a long memory.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
T, SYMBOLS, HIDDEN = 60, 4, 32


def make_batch(n):
    first = torch.randint(SYMBOLS, (n,))
    x = 0.3 * torch.randn(n, T, SYMBOLS + 1)
    x[:, 0, :SYMBOLS] += F.one_hot(first, SYMBOLS).float() * 2
    x[:, -1, SYMBOLS] += 1.0
    return x, first


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(SYMBOLS + 1, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, SYMBOLS)
        u = torch.log(1 + torch.rand(HIDDEN) * (T - 2))
        with torch.no_grad():
            self.lstm.bias_ih_l0.zero_()
            self.lstm.bias_hh_l0.zero_()
            self.lstm.bias_hh_l0[:HIDDEN] = u  # cure: self.lstm.bias_hh_l0[:HIDDEN] = -u
            self.lstm.bias_hh_l0[HIDDEN:2 * HIDDEN] = -u  # cure: self.lstm.bias_hh_l0[HIDDEN:2 * HIDDEN] = u

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h[:, -1])


model = Recall()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for step in range(1, 161):
    x, y = make_batch(64)
    loss = F.cross_entropy(model(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 20 == 0:
        with torch.no_grad():
            xv, yv = make_batch(256)
            acc = (model(xv).argmax(1) == yv).float().mean()
        print(f"step {step:4d}  loss {loss.item():.3f}  accuracy {acc.item():.3f}")
