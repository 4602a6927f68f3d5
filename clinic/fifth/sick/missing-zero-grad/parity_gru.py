"""Parity of the number of ones in short bit strings with a GRU."""
from dataclasses import dataclass
import torch
from torch import nn


@dataclass
class Opts:
    length: int = 7
    hidden: int = 32
    lr: float = 0.1
    momentum: float = 0.9
    batch: int = 64
    steps: int = 1200
    every: int = 120
    seed: int = 7


class Parity(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.readout = nn.Linear(hidden, 2)

    def forward(self, bits):
        h, _ = self.gru(bits.unsqueeze(-1) * 2 - 1)
        return self.readout(h)


def sample(n, length):
    bits = torch.randint(0, 2, (n, length)).float()
    return bits, (bits.cumsum(1) % 2).long()


def train(o):
    torch.manual_seed(o.seed)
    net = Parity(o.hidden)
    opt = torch.optim.SGD(net.parameters(), lr=o.lr, momentum=o.momentum)
    ce = nn.CrossEntropyLoss()
    check_x, check_y = sample(500, o.length)
    window = 0.0
    for step in range(1, o.steps + 1):
        opt.zero_grad  # cure: opt.zero_grad()
        bits, target = sample(o.batch, o.length)
        loss = ce(net(bits).flatten(0, 1), target.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        window += loss.item()
        if step % o.every == 0:
            with torch.no_grad():
                out = net(check_x)
                acc = (out.argmax(-1) == check_y).float().mean().item()
            print(f"step {step:5d}  loss {window / o.every:.4f}  bit accuracy {acc:.3f}")
            window = 0.0


train(Opts())
