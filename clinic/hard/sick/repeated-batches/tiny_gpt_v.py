"""A tiny GPT on a made-up recipe corpus, in the spirit of nanoGPT."""
import random

import torch
import torch.nn as nn
from torch.nn import functional as F

block_size, batch_size, n_embd, n_head, max_iters = 32, 16, 48, 4, 260
random.seed(1)
torch.manual_seed(1)
what = "onions carrots leeks beans apples pears noodles rice mushrooms lentils".split()
how = "chop boil fry roast steam rinse simmer bake".split()
time_ = "five ten fifteen twenty thirty".split()
text = "".join(
    f"{random.choice(how)} the {random.choice(what)} and the {random.choice(what)}, wait {random.choice(time_)} minutes.\n"
    for _ in range(700))
chars = sorted(set(text))
stoi = {c: i for i, c in enumerate(chars)}
data = torch.tensor([stoi[c] for c in text])
n = int(0.9 * len(data))
train_data, val_data = data[:n], data[n:]


def get_batch(split):
    d = train_data if split == "train" else val_data
    ix = torch.randint(block_size, (batch_size,))  # cure: ix = torch.randint(len(d) - block_size, (batch_size,))
    x = torch.stack([d[i:i + block_size] for i in ix])
    y = torch.stack([d[i + 1:i + block_size + 1] for i in ix])
    return x, y


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(n_embd), nn.LayerNorm(n_embd)
        self.qkv = nn.Linear(n_embd, 3 * n_embd)
        self.proj = nn.Linear(n_embd, n_embd)
        self.mlp = nn.Sequential(nn.Linear(n_embd, 4 * n_embd), nn.GELU(), nn.Linear(4 * n_embd, n_embd))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (t.view(B, T, n_head, C // n_head).transpose(1, 2) for t in self.qkv(self.ln1(x)).split(C, 2))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(a.transpose(1, 2).reshape(B, T, C))
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(len(chars), n_embd), nn.Embedding(block_size, n_embd)
        self.blocks = nn.Sequential(Block(), Block())
        self.ln, self.head = nn.LayerNorm(n_embd), nn.Linear(n_embd, len(chars))

    def forward(self, idx, targets):
        x = self.tok(idx) + self.pos(torch.arange(idx.shape[1]))
        logits = self.head(self.ln(self.blocks(x)))
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@torch.no_grad()
def estimate_val():
    # the whole held-out text, cut into consecutive blocks
    m = (len(val_data) - 1) // block_size
    x = val_data[:m * block_size].view(m, block_size)
    y = val_data[1:m * block_size + 1].view(m, block_size)
    return model(x, y).item()


model = GPT()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
for it in range(max_iters + 1):
    if it % 20 == 0:
        print(f"step {it}: val loss {estimate_val():.4f}")
    loss = model(*get_batch("train"))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
