"""A bidirectional LSTM decides whether a token sequence contains an ordered pair of key tokens."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class OrderNet(nn.Module):
    def __init__(self, vocab=20, dim=16, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, hidden, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * hidden, 2)

    def forward(self, ids):
        e = F.dropout(self.emb(ids), 0.4)  # cure: e = F.dropout(self.emb(ids), 0.4, self.training)
        h, _ = self.lstm(e)
        h = F.dropout(h.max(1).values, 0.6)  # cure: h = F.dropout(h.max(1).values, 0.6, self.training)
        return self.fc(h)


def sequences(n):
    ids = torch.randint(2, 20, (n, 20))
    place = torch.stack([torch.randperm(20)[:2] for _ in range(n)]).sort(1).values
    y = torch.randint(0, 2, (n,))
    rows = torch.arange(n)
    ids[rows, place[:, 0]] = y
    ids[rows, place[:, 1]] = 1 - y
    return TensorDataset(ids, torch.where(torch.rand(n) < 0.04, 1 - y, y))


def evaluate(model, data):
    model.eval()
    loss = hits = 0.0
    with torch.no_grad():
        for ids, y in DataLoader(data, batch_size=200):
            out = model(ids)
            loss += F.cross_entropy(out, y, reduction="sum").item()
            hits += (out.argmax(1) == y).sum().item()
    return loss / len(data), hits / len(data)


torch.manual_seed(15)
train, valid = sequences(1600), sequences(600)
model = OrderNet()
opt = torch.optim.RMSprop(model.parameters(), lr=2e-3)
for epoch in range(9):
    model.train()
    total = 0.0
    for ids, y in DataLoader(train, batch_size=40, shuffle=True):
        opt.zero_grad()
        loss = F.cross_entropy(model(ids), y)
        loss.backward()
        opt.step()
        total += loss.item() * len(y) / len(train)
    vl, va = evaluate(model, valid)
    first = model(valid.tensors[0][:3]).softmax(1)[:, 1].tolist()
    print(f"epoch {epoch} train {total:.4f} valid {vl:.4f} acc {va:.3f} first three " + " ".join(f"{p:.2f}" for p in first))
