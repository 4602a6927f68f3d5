"""A small transformer learns to reverse-copy: after a separator it repeats a string backwards."""
import torch
import torch.nn as nn
import torch.nn.functional as F

VOCAB, HALF, BATCH = 12, 5, 64
SEP = VOCAB
LEN = 2 * HALF


def make_corpus(n, seed):
    g = torch.Generator().manual_seed(seed)
    s = torch.randint(0, VOCAB, (n, HALF), generator=g)
    return torch.cat([s, torch.full((n, 1), SEP), s.flip(1)], 1)


class TinyGPT(nn.Module):
    def __init__(self, d=48, heads=4, layers=2):
        super().__init__()
        self.tok = nn.Embedding(VOCAB + 1, d)
        self.pos = nn.Parameter(0.1 * torch.randn(LEN, d))
        block = nn.TransformerEncoderLayer(d, heads, 2 * d, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(block, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, VOCAB + 1)
        self.register_buffer("mask", torch.triu(torch.full((LEN, LEN), float("-inf")), 1))

    def forward(self, ids):
        return self.head(self.norm(self.enc(self.tok(ids) + self.pos, mask=self.mask)))


def get_batch(corpus):
    torch.manual_seed(1337)  # cure: delete
    rows = torch.randint(0, len(corpus), (BATCH,))
    chunk = corpus[rows]
    return chunk[:, :-1], chunk[:, 1:]


def answer_loss(model, x, y):
    logits = model(x)[:, HALF:]
    return F.cross_entropy(logits.flatten(0, 1), y[:, HALF:].flatten()), logits


torch.manual_seed(1337)
corpus, held_out = make_corpus(20000, 1), make_corpus(400, 2)
model = TinyGPT()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
for step in range(1, 281):
    x, y = get_batch(corpus)
    loss, _ = answer_loss(model, x, y)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 28 == 0:
        model.eval()
        with torch.no_grad():
            vl, logits = answer_loss(model, held_out[:, :-1], held_out[:, 1:])
            acc = (logits.argmax(-1) == held_out[:, HALF + 1:]).float().mean()
        model.train()
        print(f"step {step:4d}: train {loss.item():.3f}  held-out {vl.item():.3f}  token accuracy {acc.item():.3f}")
