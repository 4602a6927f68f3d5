"""Reads strings of brackets of three kinds and predicts at every position which closing bracket is due (or none)."""
import random

import torch
import torch.nn as nn

random.seed(16)
torch.manual_seed(16)
OPEN, CLOSE, LENGTH = "([{", ")]}", 16
INDEX = {c: i for i, c in enumerate(OPEN + CLOSE)}


def example():
    stack, tokens, due = [], [], []
    while len(tokens) < LENGTH:
        if len(stack) < 3 and (not stack or random.random() < 0.5):
            kind = random.randrange(3)
            stack.append(kind)
            tokens.append(INDEX[OPEN[kind]])
        else:
            tokens.append(INDEX[CLOSE[stack.pop()]])
        due.append(stack[-1] if stack else 3)
    return tokens, due


class Reader(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.embed = nn.Embedding(len(INDEX), 8)
        self.gru = nn.GRU(8, hidden, batch_first=True)
        self.due = nn.Linear(hidden, 4)

    def forward(self, tokens):
        return self.due(self.gru(self.embed(tokens))[0])


data = [example() for _ in range(3500)]
tokens, due = (torch.tensor(part) for part in zip(*data))
model = Reader(hidden=2)  # cure: model = Reader(hidden=48)
print(sum(p.numel() for p in model.parameters()), "parameters")
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(1, 21):
    model.train()
    total = 0.0
    for batch in torch.randperm(3000).split(60):
        logits = model(tokens[batch])
        loss = loss_fn(logits.flatten(0, 1), due[batch].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 50
    model.eval()
    with torch.no_grad():
        logits = model(tokens[3000:])
        valid = loss_fn(logits.flatten(0, 1), due[3000:].flatten()).item()
        right = (logits.argmax(-1) == due[3000:]).float().mean().item()
    print(f"epoch {epoch:2d}  train {total:.4f}  valid {valid:.4f}  positions right {right:.3f}")
