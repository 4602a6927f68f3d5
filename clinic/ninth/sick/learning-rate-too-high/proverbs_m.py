"""Character transformer on a handful of proverbs: predicts the next letter."""
import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = ("a bird in the hand is worth two in the bush. the early bird catches the worm. still waters run deep. "
        "all that glitters is not gold. when the cat is away the mice will play. make hay while the sun shines. "
        "a rolling stone gathers no moss. too many cooks spoil the broth. many hands make light work. ") * 6
HP = dict(ctx=24, dim=32, heads=2, lr=0.3, steps=180, batch=32)  # cure: HP = dict(ctx=24, dim=32, heads=2, lr=3e-3, steps=180, batch=32)

torch.manual_seed(50)
chars = sorted(set(TEXT))
ids = torch.tensor([chars.index(c) for c in TEXT])


class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.att = nn.MultiheadAttention(d, h, batch_first=True)
        self.ff = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x, mask):
        q = self.n1(x)
        x = x + self.att(q, q, q, attn_mask=mask, need_weights=False)[0]
        return x + self.ff(self.n2(x))


class LM(nn.Module):
    def __init__(self, v, ctx, d, h):
        super().__init__()
        self.tok, self.pos = nn.Embedding(v, d), nn.Parameter(0.02 * torch.randn(ctx, d))
        self.blocks = nn.ModuleList([Block(d, h), Block(d, h)])
        self.norm, self.out = nn.LayerNorm(d), nn.Linear(d, v)
        self.register_buffer("mask", torch.triu(torch.ones(ctx, ctx, dtype=torch.bool), 1))

    def forward(self, i):
        x = self.tok(i) + self.pos
        for b in self.blocks:
            x = b(x, self.mask)
        return self.out(self.norm(x))


lm = LM(len(chars), HP["ctx"], HP["dim"], HP["heads"])
opt = torch.optim.Adam(lm.parameters(), lr=HP["lr"])
for step in range(1, HP["steps"] + 1):
    at = torch.randint(0, len(ids) - HP["ctx"] - 1, (HP["batch"],))
    win = torch.stack([ids[a:a + HP["ctx"] + 1] for a in at])
    loss = F.cross_entropy(lm(win[:, :-1]).flatten(0, 1), win[:, 1:].flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 15 == 0:
        print(f"step {step:3d} loss {loss.item():.4f} bits/char {loss.item() / 0.6931:.3f}")
