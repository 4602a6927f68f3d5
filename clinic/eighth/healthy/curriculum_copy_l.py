"""Curriculum: a GRU learns to reverse digit strings that get longer every stage (so the loss jumps at each stage)."""
import torch
from torch import nn

torch.manual_seed(57)
VOCAB, MAXLEN = 6, 6


class Reverser(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.emb = nn.Embedding(VOCAB + 2, 24)
        self.rnn = nn.GRU(24, hidden, batch_first=True)
        self.out = nn.Linear(hidden, VOCAB)

    def forward(self, tokens, n):
        ask = torch.full_like(tokens[:, :n], VOCAB)
        out, _ = self.rnn(self.emb(torch.cat([tokens, ask], 1)))
        return self.out(out[:, -n:])


def batch(n, size=64):
    t = torch.randint(VOCAB, (size, n))
    return t, t.flip(1)


model = Reverser()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for length in range(2, MAXLEN + 1):
    for step in range(1, 141):
        n = length if step % 4 else int(torch.randint(2, length + 1, ()))
        t, want = batch(n)
        loss = nn.functional.cross_entropy(model(t, n).transpose(1, 2), want)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        if step % 70 == 0:
            with torch.no_grad():
                t, want = batch(length, 300)
                acc = (model(t, length).argmax(2) == want).float().mean()
            print(f"length {length} step {step}: loss {loss.item():.4f} token acc {acc:.3f}")
