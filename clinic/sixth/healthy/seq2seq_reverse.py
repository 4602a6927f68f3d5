"""GRU encoder-decoder with attention reverses words; scheduled teacher forcing makes the training harder with time."""
import random

import torch
from torch import nn
from torch.nn import functional as F

random.seed(0)
torch.manual_seed(0)
V, LEN, BOS = 12, 7, 0


class Reverser(nn.Module):
    def __init__(self, h=48):
        super().__init__()
        self.emb = nn.Embedding(V, 24)
        self.pos = nn.Embedding(LEN, 24)
        self.enc = nn.GRU(24, h, batch_first=True)
        self.cell = nn.GRUCell(24 + h, h)
        self.query = nn.Linear(h, h)
        self.out = nn.Linear(2 * h, V)

    def forward(self, src, tgt=None, force=0.0):
        mem, h = self.enc(self.emb(src) + self.pos.weight)
        h, tok, logits = h[0], torch.full((len(src),), BOS), []
        ctx = torch.zeros_like(h)
        for t in range(LEN):
            h = self.cell(torch.cat([self.emb(tok) + self.pos.weight[t], ctx], 1), h)
            w = torch.softmax((mem @ self.query(h)[:, :, None]).squeeze(2) / 7, 1)
            ctx = (w[:, None] @ mem).squeeze(1)
            logits.append(self.out(torch.cat([h, ctx], 1)))
            tok = tgt[:, t] if tgt is not None and random.random() < force else logits[-1].argmax(1)
        return torch.stack(logits, 1)


def pairs(n):
    s = torch.randint(1, V, (n, LEN))
    return s, s.flip(1)


net = Reverser()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 400, eta_min=2e-4)
xt, yt = pairs(300)
for it in range(1, 401):
    force = max(0.0, 1 - it / 300)
    x, y = pairs(64)
    loss = F.cross_entropy(net(x, y, force).flatten(0, 1), y.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    sched.step()
    if it % 50 == 0:
        net.eval()
        with torch.no_grad():
            pred = net(xt).argmax(2)
        net.train()
        print(f"it {it} forcing {force:.2f} loss {loss.item():.4f} letters {(pred == yt).float().mean():.3f} "
              f"whole words {(pred == yt).all(1).float().mean():.3f}")
