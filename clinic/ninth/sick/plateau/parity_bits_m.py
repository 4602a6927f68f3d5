"""Parity of a bit string with a perceptron: is the number of ones odd?"""
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--bits", type=int, default=24)
parser.add_argument("--prefix", action="store_true", default=False)  # cure: parser.add_argument("--prefix", action="store_true", default=True)
parser.add_argument("--steps", type=int, default=400)
args = parser.parse_args()
torch.manual_seed(91)


def batch(n):
    bits = torch.randint(0, 2, (n, args.bits))
    return bits.float() * 2 - 1, bits.cumsum(1) % 2


class ParityNet(nn.Module):
    """Reads the bits in order; with --prefix it is told the parity so far at each place, else only the last one."""

    def __init__(self, width=32):
        super().__init__()
        self.gru = nn.GRU(1, width, batch_first=True)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(self.gru(x.unsqueeze(2))[0]).squeeze(2)


net = ParityNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(1, args.steps + 1):
    x, parity = batch(64)
    logits = net(x)
    if args.prefix:
        loss = nn.functional.binary_cross_entropy_with_logits(logits, parity.float())
    else:
        loss = nn.functional.binary_cross_entropy_with_logits(logits[:, -1], parity[:, -1].float())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            x, parity = batch(500)
            ok = ((net(x)[:, -1] > 0) == (parity[:, -1] > 0)).float().mean()
        print(f"step {step}: loss {loss.item():.4f}, parity right {ok:.3f}")
