"""A small transformer reads sixteen symbols, two of which are flags: did the red flag come before the blue one?"""

import math

import torch
from torch import nn

RED, BLUE, LENGTH, WIDTH = 0, 1, 16, 32


def batch(n):
    tokens = torch.randint(2, 12, (n, LENGTH))
    places = torch.rand(n, LENGTH).argsort(1)[:, :2]
    tokens.scatter_(1, places, torch.tensor([RED, BLUE]).expand(n, 2))
    return tokens, (places[:, 0] < places[:, 1]).long()


def waves():
    t = torch.arange(LENGTH)[:, None]
    rates = torch.exp(-math.log(100.0) * torch.arange(0, WIDTH, 2) / WIDTH)
    return torch.cat([(t * rates).sin(), (t * rates).cos()], 1)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(12, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.answer = nn.Linear(WIDTH, 2)

    def forward(self, tokens):
        h = self.embed(tokens)  # cure: h = self.embed(tokens) + waves()
        return self.answer(self.encoder(h).mean(1))


torch.manual_seed(79)
reader = Reader()
optimizer = torch.optim.AdamW(reader.parameters(), lr=2e-3)
warmup = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, (s + 1) / 50))
test_x, test_y = batch(500)
for step in range(1, 401):
    x, y = batch(64)
    loss = nn.functional.cross_entropy(reader(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    warmup.step()
    if step % 50 == 0:
        with torch.no_grad():
            right = (reader(test_x).argmax(1) == test_y).float().mean().item()
        print(f"step {step}: loss {loss.item():.4f}, test accuracy {right:.3f}")
