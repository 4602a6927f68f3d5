"""How many peaks does a signal of varying length hold? GRU regression with length buckets to save padding."""
import random

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence


def make_signal():
    length = random.randint(6, 30)
    peaks = torch.rand(length) < random.uniform(0.35, 0.5)
    return peaks.float() + 0.1 * torch.randn(length), peaks.sum().item() / 8 - 1


def make_batches(data, size):
    ordered = sorted(data, key=lambda item: len(item[0]))  # cure: ordered = random.sample(data, len(data))
    batches = [ordered[i:i + size] for i in range(0, len(ordered), size)]
    return batches


def collate(batch):
    lengths = torch.tensor([len(s) for s, _ in batch])
    return pad_sequence([s for s, _ in batch], batch_first=True).unsqueeze(-1), lengths, torch.tensor([t for _, t in batch])


class PeakCounter(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x, lengths):
        _, h = self.gru(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        return self.head(h[0]).squeeze(1)


random.seed(6)
torch.manual_seed(6)
train = [make_signal() for _ in range(1000)]
valid = collate([make_signal() for _ in range(200)])
model = PeakCounter()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(9):
    model.train()
    losses = []
    for batch in make_batches(train, 25):
        x, lengths, target = collate(batch)
        loss = nn.functional.mse_loss(model(x, lengths), target)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(*valid[:2]), valid[2]).item()
    print(f"epoch {epoch:2d} train {sum(losses) / len(losses):.4f} valid {val:.4f}")
