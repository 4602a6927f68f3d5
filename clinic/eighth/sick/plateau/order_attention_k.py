"""Which of two marked symbols comes first in the sequence? A small transformer encoder decides."""
import math
import torch
from torch import nn

L, D = 20, 32


def sinusoid(n, d):
    pos, i = torch.arange(n)[:, None], torch.arange(0, d, 2)[None]
    ang = pos / 100 ** (i / d)
    return torch.cat([ang.sin(), ang.cos()], 1)


def batch(n):
    x = torch.randint(2, 10, (n, L))
    where = torch.rand(n, L).argsort(1)[:, :2]
    x.scatter_(1, where, torch.tensor([[0, 1]]).expand(n, 2))
    return x, (where[:, 0] < where[:, 1]).long()


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(10, D)
        self.register_buffer("pos", sinusoid(L, D))
        layer = nn.TransformerEncoderLayer(D, 4, 64, dropout=0.0, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(D, 2)

    def forward(self, x):
        h = self.emb(x)
        # cure: h = h + self.pos
        return self.head(self.enc(h).mean(1))


torch.manual_seed(0)
model, check = Encoder(), batch(1000)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for step in range(1, 401):
    x, y = batch(64)
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            acc = (model(check[0]).argmax(1) == check[1]).float().mean()
        print(f"step {step}: loss {loss.item():.4f}, accuracy {acc:.3f}")
