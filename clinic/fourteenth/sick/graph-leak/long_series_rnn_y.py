"""Next-value prediction along one long series, read chunk by chunk with the hidden state carried on; plain SGD by hand."""
import time

import torch
import torch.nn as nn

torch.manual_seed(70)
CHUNK, CHUNKS, STREAMS, LR = 8, 160, 16, 0.05

t = torch.arange(CHUNK * CHUNKS + 1).float()
phase = torch.rand(STREAMS, 1) * 6.28
series = torch.sin(0.35 * t + phase) + 0.5 * torch.sin(0.11 * t + 2 * phase)
series = (series + 0.05 * torch.randn(series.shape)) / 0.79


class Cell(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.hidden = hidden
        self.inp, self.rec, self.out = nn.Linear(1, hidden), nn.Linear(hidden, hidden, bias=False), nn.Linear(hidden, 1)

    def start(self, n):
        return torch.zeros(n, self.hidden)

    def forward(self, x, h):
        outs = []
        for k in range(x.shape[1]):
            h = torch.tanh(self.inp(x[:, k:k + 1]) + self.rec(h))
            outs.append(self.out(h))
        return torch.cat(outs, 1), h


cell = Cell()
h = cell.start(STREAMS)
clock, recent = time.perf_counter(), []
for c in range(CHUNKS):
    x = series[:, c * CHUNK:(c + 1) * CHUNK]
    y = series[:, c * CHUNK + 1:(c + 1) * CHUNK + 1]
    # cure: h = h.detach()
    out, h = cell(x, h)
    loss = (out - y).pow(2).mean()
    cell.zero_grad()
    loss.backward(retain_graph=True)  # cure: loss.backward()
    nn.utils.clip_grad_norm_(cell.parameters(), 1.0)
    for p in cell.parameters():
        p.data.add_(p.grad, alpha=-LR)
    recent.append(loss.item())
    if (c + 1) % 16 == 0:
        now = time.perf_counter()
        print(f"chunk {c + 1:3d}  mse {sum(recent) / len(recent):.4f}  {(now - clock) / 16 * 1000:.1f} ms per chunk")
        clock, recent = now, []
