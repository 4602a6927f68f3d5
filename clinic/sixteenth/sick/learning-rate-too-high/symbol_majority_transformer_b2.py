"""A small transformer encoder decides which of two symbols occurs more often in a string of 24."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(13)
VOCAB, LENGTH, D = 6, 24, 32


def sample(n):
    tokens = torch.randint(0, VOCAB, (n, LENGTH))
    diff = (tokens == 0).sum(1) - (tokens == 1).sum(1)
    keep = diff != 0
    return tokens[keep], (diff[keep] > 0).long()


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, D)
        self.where = nn.Parameter(torch.randn(LENGTH, D) / math.sqrt(D))
        layer = nn.TransformerEncoderLayer(D, nhead=4, dim_feedforward=64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.head = nn.Linear(D, 2)

    def forward(self, tokens):
        return self.head(self.encoder(self.embed(tokens) + self.where).mean(1))


train, valid = sample(3000), sample(800)
loader = DataLoader(TensorDataset(*train), batch_size=64, shuffle=True)
model = Counter()
optimizer = torch.optim.Adam(model.parameters(), lr=6e-2)  # cure: optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(8):
    model.train()
    total = 0.0
    for tokens, label in loader:
        optimizer.zero_grad()
        loss = criterion(model(tokens), label)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(label)
    model.eval()
    with torch.no_grad():
        out = model(valid[0])
        acc = (out.argmax(1) == valid[1]).float().mean()
    print(f"epoch {epoch}: train {total / len(train[1]):.4f} valid {criterion(out, valid[1]):.4f} acc {acc:.3f}")
