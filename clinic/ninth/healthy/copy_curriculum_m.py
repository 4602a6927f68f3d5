"""Reverses digit strings with a GRU encoder-decoder; the strings get longer as training goes on, so the loss steps up."""
import torch
from torch import nn

torch.manual_seed(205)
BOS = 6


class Reverser(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.emb = nn.Embedding(7, 16)
        self.enc, self.dec = nn.GRU(16, d, batch_first=True), nn.GRU(16, d, batch_first=True)
        self.out = nn.Linear(2 * d, 6)

    def forward(self, src, tgt_in):
        memory, h = self.enc(self.emb(src))
        q, _ = self.dec(self.emb(tgt_in), h)
        att = (q @ memory.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1)
        return self.out(torch.cat([q, att @ memory], -1))


def batch(n, length):
    s = torch.randint(0, 6, (n, length))
    r = s.flip(1)
    return s, torch.cat([torch.full((n, 1), BOS), r[:, :-1]], 1), r


net = Reverser()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for stage, length in enumerate((2, 3, 4, 6)):
    steps = 80 if length < 6 else 200
    for group in opt.param_groups:
        group["lr"] = 5e-3 * 0.8 ** stage
    for k in range(1, steps + 1):
        s, t, r = batch(64, length)
        loss = nn.functional.cross_entropy(net(s, t).flatten(0, 1), r.flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        if k % 20 == 0:
            with torch.no_grad():
                s, t, r = batch(200, length)
                exact = (net(s, t).argmax(-1) == r).all(1).float().mean()
            print(f"length {length} step {k}: loss {loss.item():.4f} exact {exact:.3f}")
