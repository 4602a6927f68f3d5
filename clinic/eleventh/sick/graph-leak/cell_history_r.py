"""Adding problem with an LSTM cell: sum the two marked numbers of a sequence. Keeps a history of the loss."""
import resource
import time

import torch
import torch.nn as nn


class Adder(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.cell = nn.LSTMCell(2, hidden)
        self.out = nn.Linear(hidden, 1)
        self.hidden = hidden

    def forward(self, seq):
        h = seq.new_zeros(seq.size(1), self.hidden)
        c = torch.zeros_like(h)
        for x in seq:
            h, c = self.cell(x, (h, c))
        return self.out(h).squeeze(1)


def make_batch(n, length):
    values = torch.rand(length, n)
    marks = torch.zeros(length, n)
    first = torch.randint(0, length // 2, (n,))
    second = torch.randint(length // 2, length, (n,))
    cols = torch.arange(n)
    marks[first, cols] = marks[second, cols] = 1.0
    target = values[first, cols] + values[second, cols] - 1
    return torch.stack([values - 0.5, marks], -1), target


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


torch.manual_seed(16)
net = Adder()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
history = []
start = time.time()
for step in range(1, 601):
    seq, target = make_batch(64, 14)
    loss = nn.functional.mse_loss(net(seq), target)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    history.append(loss)  # cure: history.append(loss.item())
    if step % 100 == 0:
        recent = sum(history[-100:]) / 100
        print(f"step {step:4d} mse {recent:.5f} memory {memory():.0f} MB time {time.time() - start:.1f} s")
