"""Next-note model for simple rule-made melodies: GRU language model; the rate follows the validation loss."""
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

NOTES, BARS = 16, 24


def melodies(n, seed):
    g = torch.Generator().manual_seed(seed)
    tune = torch.zeros(n, BARS + 1, dtype=torch.long)
    tune[:, 0] = torch.randint(NOTES, (n,), generator=g)
    tune[:, 1] = torch.randint(NOTES, (n,), generator=g)
    for t in range(2, BARS + 1):
        rule = (tune[:, t - 1] + tune[:, t - 2] * 3 + 5) % NOTES
        free = torch.randint(NOTES, (n,), generator=g)
        tune[:, t] = torch.where(torch.rand(n, generator=g) < 0.8, rule, free)
    return tune


class Composer(nn.Module):
    def __init__(self):
        super().__init__()
        self.note = nn.Embedding(NOTES, 24)
        self.gru = nn.GRU(24, 64, batch_first=True)
        self.next = nn.Linear(64, NOTES)

    def forward(self, tune):
        return self.next(self.gru(self.note(tune))[0])


def loss_of(model, tune):
    return F.cross_entropy(model(tune[:, :-1]).flatten(0, 1), tune[:, 1:].flatten())


torch.manual_seed(64)
train, valid = melodies(3000, 1), melodies(300, 2)
model = Composer()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
scheduler = ReduceLROnPlateau(optimizer, mode="max", factor=0.1, patience=1)  # cure: scheduler = ReduceLROnPlateau(optimizer, mode="min", factor=0.1, patience=1)
for epoch in range(22):
    model.train()
    running = 0.0
    for rows in torch.randperm(len(train)).split(75):
        loss = loss_of(model, train[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item() / 40
    model.eval()
    with torch.no_grad():
        score = loss_of(model, valid).item()
    scheduler.step(score)
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d} train {running:.3f} valid {score:.3f} perplexity {math.exp(score):.2f}")
