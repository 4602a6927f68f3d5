"""Sequence reversal with a small transformer; sequences get longer by curriculum, so the loss jumps up and comes down again."""
import torch
from torch import nn

torch.manual_seed(40)
VOCAB, MAXLEN, DIM = 8, 8, 48
STAGES = [(2, 80), (4, 120), (6, 160), (8, 200)]


class Reverser(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(VOCAB + 1, DIM, padding_idx=VOCAB)
        self.pos = nn.Embedding(MAXLEN, DIM)
        self.length = nn.Embedding(MAXLEN + 1, DIM)
        layer = nn.TransformerEncoderLayer(DIM, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(DIM, VOCAB)

    def forward(self, s):
        n = torch.full((len(s), 1), s.shape[1])
        return self.out(self.body(self.tok(s) + self.pos(torch.arange(s.shape[1])) + self.length(n)))


def batch(length, n=48):
    s = torch.randint(0, VOCAB, (n, length))
    return s, s.flip(1)


model = Reverser()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
step = 0
for length, steps in STAGES:
    for k in range(1, steps + 1):
        s, t = batch(length if k % 4 else 2 * torch.randint(1, length // 2 + 1, (1,)).item())
        loss = nn.functional.cross_entropy(model(s).transpose(1, 2), t)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        step += 1
        if k % 40 == 0:
            with torch.no_grad():
                accs = [(model(a).argmax(-1) == b).float().mean().item() for a, b in (batch(n, 100) for n in (2, 4, 6, 8))]
            print(f"step {step} length {length} loss {loss.item():.3f} accuracy by length 2/4/6/8: " + " ".join(f"{a:.2f}" for a in accs))
