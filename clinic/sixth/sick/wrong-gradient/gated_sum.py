"""Recurrent net with LeCun's scaled tanh as a custom op: gated sum of a noisy signal."""
import torch
import torch.nn as nn


class LeCunTanh(torch.autograd.Function):
    """1.7159 tanh(2x/3), saving memory by keeping a single tensor."""

    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(x * (2 / 3))
        ctx.save_for_backward(x)  # cure: ctx.save_for_backward(y)
        return 1.7159 * y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * 1.7159 * (2 / 3) * (1 - y * y)


class Cell(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.n_hidden = n_hidden
        self.x2h = nn.Linear(n_in, n_hidden)
        self.h2h = nn.Linear(n_hidden, n_hidden, bias=False)
        nn.init.orthogonal_(self.h2h.weight, gain=0.8)
        self.head = nn.Linear(n_hidden, 1)

    def forward(self, seq):
        h = seq.new_zeros(len(seq), self.n_hidden)
        for t in range(seq.shape[1]):
            h = LeCunTanh.apply(self.x2h(seq[:, t]) + self.h2h(h))
        return self.head(h).squeeze(1)


def batch(n, length=10, gen=None):
    s = torch.randn(n, length, 2, generator=gen)
    gate = (s[..., 1] > 0).float()
    return s, (s[..., 0] * gate).sum(1) / 2


torch.manual_seed(21)
val_x, val_y = batch(500, gen=torch.Generator().manual_seed(99))
model = Cell(2, 48)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
running = 0.0
for step in range(1, 1001):
    x, y = batch(64)
    loss = nn.functional.mse_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    running += loss.item()
    if step % 200 == 0:
        with torch.no_grad():
            v = nn.functional.mse_loss(model(val_x), val_y).item()
        print(f"step {step}: train {running / 200:.4f}  val {v:.4f}  (variance {val_y.var():.3f})")
        running = 0.0
