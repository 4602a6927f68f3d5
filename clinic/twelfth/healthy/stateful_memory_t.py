"""Truncated back-propagation: four endless streams, an LSTM that keeps its state between pieces.
Task: say which of three symbols came last before the present run of blanks."""
import torch
from torch import nn


class Streams:
    def __init__(self, n, seed):
        self.g = torch.Generator().manual_seed(seed)
        self.last = torch.zeros(n, dtype=torch.long)
        self.n = n

    def piece(self, length=20):
        xs, ys = [], []
        for _ in range(length):
            fresh = torch.rand(self.n, generator=self.g) < 0.15
            symbol = torch.randint(0, 3, (self.n,), generator=self.g)
            self.last = torch.where(fresh, symbol, self.last)
            xs.append(torch.where(fresh, symbol + 1, 0))
            ys.append(self.last)
        return torch.stack(xs, 1), torch.stack(ys, 1)


class Memory(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.emb = nn.Embedding(4, 8)
        self.lstm = nn.LSTM(8, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 3)

    def forward(self, x, state=None):
        h, state = self.lstm(self.emb(x), state)
        return self.out(h), state


def hit_rate(model, pieces=15):
    streams, state, hits = Streams(16, 99), None, []
    model.eval()
    with torch.no_grad():
        for _ in range(pieces):
            x, y = streams.piece()
            out, state = model(x, state)
            hits.append((out.argmax(2) == y).float().mean().item())
    model.train()
    return sum(hits) / pieces


torch.manual_seed(26)
model, streams = Memory(), Streams(4, 26)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
state, losses = None, []
for piece in range(1, 501):
    x, y = streams.piece()
    out, state = model(x, state)
    loss = nn.functional.cross_entropy(out.flatten(0, 1), y.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    state = tuple(s.detach() for s in state)
    losses.append(loss.item())
    if piece % 50 == 0:
        print(f"piece {piece}: loss {sum(losses[-50:]) / 50:.4f}, hit rate on other streams {hit_rate(model):.3f}")
