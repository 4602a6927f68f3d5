"""Curriculum: a GRU counts the ones in bit strings; whenever it is good the strings get longer, and the loss goes up again."""
import torch
from torch import nn

torch.manual_seed(0)


class Counter(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, bits):
        return self.out(self.gru(bits)[0][:, -1]).squeeze(1)


def task(n, length):
    bits = (torch.rand(n, length, 1) < torch.rand(n, 1, 1)).float()
    return 2 * bits - 1, bits.sum((1, 2)) / 4 - 1


model = Counter()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
length, step = 4, 0
while length <= 20 and step < 2500:
    bits, count = task(64, length)
    loss = nn.functional.mse_loss(model(bits), count)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    step += 1
    if step % 50 == 0:
        with torch.no_grad():
            bits, count = task(500, length)
            error = (model(bits) - count).abs()
            right = (error < 0.125).float().mean().item()
        print(f"step {step:4d} length {length:2d} loss {loss.item():.5f} exact counts {right:.3f}")
        if right > 0.95:
            length += 4
