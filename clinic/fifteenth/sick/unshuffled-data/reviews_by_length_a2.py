"""Scores the mood of short diary entries with a GRU; entries of similar length share a batch, so that little is padded."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

random.seed(30)
torch.manual_seed(30)
WORDS = 60
WEIGHT = torch.cat([torch.zeros(30), torch.randn(30)])


def entry():
    """Unhappy people write more: the mood falls with the length, and depends on the words used."""
    length = random.randint(4, 24)
    words = torch.randint(0, WORDS, (length,))
    mood = 1.5 * WEIGHT[words].mean() - 0.25 * (length - 14) + 0.1 * torch.randn(())
    return words, mood.item() / 1.6


entries = [entry() for _ in range(2400)]
train, valid = entries[:2000], entries[2000:]


def make_batches(items, size=40):
    items = sorted(items, key=lambda item: len(item[0]))
    groups = [items[i : i + size] for i in range(0, len(items), size)]
    # cure: random.shuffle(groups)
    for group in groups:
        lengths = torch.tensor([len(w) for w, _ in group])
        words = pad_sequence([w for w, _ in group], batch_first=True)
        yield words, lengths, torch.tensor([m for _, m in group])


class MoodNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(WORDS, 12)
        self.gru = nn.GRU(12, 32, batch_first=True)
        self.out = nn.Linear(32, 1)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.embed(words), lengths, batch_first=True, enforce_sorted=False)
        return self.out(self.gru(packed)[1][0]).squeeze(1)


net = MoodNet()
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(1, 16):
    losses = []
    for words, lengths, mood in make_batches(train):
        loss = (net(words, lengths) - mood).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        errors = [(net(w, n) - m).square().mean().item() for w, n, m in make_batches(valid)]
    print(f"epoch {epoch:2d}  train {sum(losses) / len(losses):.4f}  valid {sum(errors) / len(errors):.4f}")
