"""Sequence memory benchmark: tell from the last hidden state which symbol opened the sequence."""
import argparse
import torch
from torch import nn

p = argparse.ArgumentParser()
p.add_argument("--length", type=int, default=35)
p.add_argument("--symbols", type=int, default=6)
p.add_argument("--hidden", type=int, default=48)
p.add_argument("--steps", type=int, default=260)
p.add_argument("--leak", type=float, default=0.5)  # cure: p.add_argument("--leak", type=float, default=0.04)
args = p.parse_args()
torch.manual_seed(11)


class LeakyRNN(nn.Module):
    """Leaky integrator units: h <- (1 - a) h + a tanh(W x + U h)."""

    def __init__(self, n_in, n_hidden, n_out, leak):
        super().__init__()
        self.inp = nn.Linear(n_in, n_hidden)
        self.rec = nn.Linear(n_hidden, n_hidden, bias=False)
        self.out = nn.Sequential(nn.LayerNorm(n_hidden), nn.Linear(n_hidden, n_out))
        self.leak = leak

    def forward(self, x):
        drive = self.inp(x)
        h = x.new_zeros(x.size(0), self.rec.in_features)
        for t in range(x.size(1)):
            h = (1 - self.leak) * h + self.leak * torch.tanh(drive[:, t] + self.rec(h))
        return self.out(h)


def make_batch(n):
    """First token is the key, the rest are distractors from a second alphabet."""
    key = torch.randint(args.symbols, (n,))
    noise = torch.randint(args.symbols, (n, args.length)) + args.symbols
    noise[:, 0] = key
    return nn.functional.one_hot(noise, 2 * args.symbols).float(), key


model = LeakyRNN(2 * args.symbols, args.hidden, args.symbols, args.leak)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
running = None
for step in range(1, args.steps + 1):
    x, key = make_batch(64)
    loss = criterion(model(x), key)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
    if step % 20 == 0:
        with torch.no_grad():
            x, key = make_batch(512)
            acc = (model(x).argmax(1) == key).float().mean().item()
        print(f"step {step:4d} loss {running:.4f} recall {acc:.3f}")
