"""Did the symbol A come before the symbol B?  A one-layer attention model over sequences of tokens."""
import torch
from torch import nn

torch.manual_seed(0)
LENGTH, SYMBOLS = 12, 20


def sequences(n):
    tokens = torch.randint(2, SYMBOLS, (n, LENGTH))
    spots = torch.rand(n, LENGTH).argsort(1)[:, :2]
    rows = torch.arange(n)
    tokens[rows, spots[:, 0]] = 0
    tokens[rows, spots[:, 1]] = 1
    return tokens, (spots[:, 0] < spots[:, 1]).float()


class Order(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.token = nn.Embedding(SYMBOLS, dim)
        self.position = nn.Embedding(LENGTH, dim)
        self.attention = nn.MultiheadAttention(dim, 4, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.ff = nn.Sequential(nn.Linear(dim, 64), nn.GELU(), nn.Linear(64, dim))
        self.out = nn.Linear(dim, 1)

    def forward(self, tokens):
        where = torch.zeros_like(tokens)  # cure: where = torch.arange(tokens.shape[1]).expand_as(tokens)
        h = self.token(tokens) + self.position(where)
        h = self.norm1(h + self.attention(h, h, h, need_weights=False)[0])
        h = self.norm2(h + self.ff(h))
        return self.out(h.mean(1))[:, 0]


model = Order()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
lossfn = nn.BCEWithLogitsLoss()
x_val, y_val = sequences(1000)
for step in range(1, 401):
    x, y = sequences(64)
    loss = lossfn(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        with torch.no_grad():
            out = model(x_val)
        print(f"step {step:5d}  loss {loss.item():.4f}  valid {lossfn(out, y_val).item():.4f}  "
              f"accuracy {((out > 0).float() == y_val).float().mean().item():.3f}")
