"""Curriculum: a GRU follows a walk with a wall at zero, on ever longer sequences."""
import torch
from torch import nn

STAGES = [4, 8, 14, 20]


class Summer(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.gru(x)[0]).squeeze(-1)


def task(n, length):
    """Steps of +1 and -1; the target is the position after each."""
    x = torch.where(torch.rand(n, length) < 0.6, 1.0, -1.0)
    pos, trace = torch.zeros(n), []
    for t in range(length):
        pos = (pos + x[:, t]).clamp(min=0)
        trace.append(pos)
    return x.unsqueeze(-1), torch.stack(trace, 1) / 3


def fit(model, opt, length, steps):
    tot = 0.0
    for i in range(1, steps + 1):
        x, y = task(48, length)
        loss = (model(x) - y).square().mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        tot += loss.item()
        if i % 50 == 0:
            print(f"length {length:2d} step {i:3d} loss {tot / 50:.5f}")
            tot = 0.0


torch.manual_seed(31)
model = Summer()
opt = torch.optim.Adam(model.parameters(), lr=6e-3)
test_x, test_y = task(400, STAGES[-1])
for length in STAGES:
    fit(model, opt, length, 150)
    with torch.no_grad():
        err = (model(test_x) - test_y).square().mean()
    print(f"after length {length}: error on length {STAGES[-1]} {err:.5f} (variance {test_y.var():.3f})")
for group in opt.param_groups:
    group["lr"] = 1.5e-3
fit(model, opt, STAGES[-1], 100)
with torch.no_grad():
    print(f"final error {(model(test_x) - test_y).square().mean():.5f}")
