"""Reads a stream of symbols and has to report, at the end, which of four marks opened it."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
LENGTH, MARKS, NOISE = 30, 4, 6


def make_batch(n):
    mark = torch.randint(0, MARKS, (n,))
    body = torch.randint(MARKS, MARKS + NOISE, (n, LENGTH))
    body[:, 0] = mark
    return body, mark


class Reader(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.embed = nn.Embedding(MARKS + NOISE, 16)
        self.width = width
        self.cell = nn.Linear(16 + width, width)
        self.out = nn.Linear(width, MARKS)

    def forward(self, tokens):
        h = torch.zeros(len(tokens), self.width)
        for e in self.embed(tokens).unbind(1):
            h = torch.sigmoid(self.cell(torch.cat([e, h], 1)))  # cure: h = h + 0.1 * torch.tanh(self.cell(torch.cat([e, h], 1)))
        return self.out(h)


reader = Reader()
optimizer = torch.optim.Adam(reader.parameters(), lr=5e-3)
test_x, test_y = make_batch(400)
for step in range(1, 361):
    x, y = make_batch(48)
    loss = F.cross_entropy(reader(x), y)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimizer.step()
    if step % 40 == 0:
        with torch.no_grad():
            acc = (reader(test_x).argmax(1) == test_y).float().mean().item()
        print(f"step {step:4d}  loss {loss.item():.4f}  recall accuracy {acc:.3f}")
