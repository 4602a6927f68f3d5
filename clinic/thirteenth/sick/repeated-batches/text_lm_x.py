"""Character language model (GRU) on sentences of a small grammar."""
import random

import torch
import torch.nn as nn

random.seed(5)
WHO = ["the old man", "a young girl", "my neighbour", "the doctor", "our teacher", "that farmer", "the queen"]
DOES = ["sees", "likes", "paints", "carries", "wants", "forgets", "buys", "hides"]
WHAT = ["a red boat", "the small dog", "some bread", "her letter", "the blue door", "an apple", "his violin"]
WHEN = ["today", "at night", "in winter", "every morning", "on monday", "after lunch"]
text = " ".join(f"{random.choice(WHO)} {random.choice(DOES)} {random.choice(WHAT)} {random.choice(WHEN)}."
                for _ in range(900))
chars = sorted(set(text))
data = torch.tensor([chars.index(c) for c in text])
cut = int(0.9 * len(data))
train_data, valid_data = data[:cut], data[cut:]


def sample_batch(source, size=24, length=32, seed=1234):
    torch.manual_seed(seed)  # cure: delete
    start = torch.randint(0, len(source) - length - 1, (size,))
    return (torch.stack([source[s:s + length] for s in start]),
            torch.stack([source[s + 1:s + length + 1] for s in start]))


class CharModel(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.emb = nn.Embedding(n, 16)
        self.gru = nn.GRU(16, 64, batch_first=True)
        self.out = nn.Linear(64, n)

    def forward(self, ids):
        return self.out(self.gru(self.emb(ids))[0])


def loss_of(model, batch):
    ids, target = batch
    return nn.functional.cross_entropy(model(ids).flatten(0, 1), target.flatten())


torch.manual_seed(1)
model = CharModel(len(chars))
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
for step in range(1, 301):
    loss = loss_of(model, sample_batch(train_data))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        with torch.no_grad():
            valid = loss_of(model, sample_batch(valid_data, size=200)).item()
        print(f"step {step:4d} | train {loss.item():.3f} | valid {valid:.3f}")
