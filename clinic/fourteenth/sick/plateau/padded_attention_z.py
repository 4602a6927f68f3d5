"""Variable-length token lists, padded: does the first token of the list come again later?  A transformer encoder."""
import torch
import torch.nn as nn

PAD, VOCAB, MAXLEN = 0, 9, 10


def make(n, seed):
    g = torch.Generator().manual_seed(seed)
    tokens = torch.randint(1, VOCAB, (n, MAXLEN), generator=g)
    lengths = torch.randint(5, MAXLEN, (n,), generator=g)
    first = tokens[:, :1]
    rest = tokens[:, 1:]
    rest[rest == first] = 0
    rest[rest == 0] = (first.expand_as(rest)[rest == 0] % (VOCAB - 1)) + 1
    hit = torch.rand(n, generator=g) < 0.5
    where = 1 + (torch.rand(n, generator=g) * (lengths - 1)).long()
    tokens[torch.arange(n)[hit], where[hit]] = first[hit, 0]
    tokens[torch.arange(MAXLEN) >= lengths[:, None]] = PAD
    return tokens, hit.long()


class Repeats(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, d, padding_idx=PAD)
        self.place = nn.Parameter(0.3 * torch.randn(MAXLEN, d))
        block = nn.TransformerEncoderLayer(d, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(block, 2, enable_nested_tensor=False)
        self.head = nn.Linear(d, 2)

    def forward(self, tokens):
        mask = tokens != PAD  # cure: mask = tokens == PAD
        h = self.blocks(self.embed(tokens) + self.place, src_key_padding_mask=mask)
        return self.head(h[:, 0])


torch.manual_seed(0)
x, y = make(8000, 0)
x_val, y_val = make(1000, 1)
model = Repeats()
opt = torch.optim.AdamW(model.parameters(), lr=1.5e-3)
for epoch in range(8):
    total = 0.0
    model.train()
    for idx in torch.randperm(len(x)).split(100):
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        acc = (model(x_val).argmax(1) == y_val).float().mean().item()
    print(f"epoch {epoch}: loss {total / 80:.4f}, valid accuracy {acc:.3f}")
