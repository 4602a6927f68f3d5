"""Promoter recognition on short DNA strings with a small transformer."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def dna(n):
    seq = torch.randint(0, 4, (n, 20))
    y = torch.randint(0, 2, (n,))
    motif = torch.tensor([3, 0, 3, 0, 0, 3, 2])
    for k in range(n):
        if y[k] == 1:
            s = int(torch.randint(0, 13, (1,)))
            keep = torch.rand(7) < 0.95
            seq[k, s:s + 7] = torch.where(keep, motif, seq[k, s:s + 7])
    return seq, torch.where(torch.rand(n) < 0.06, 1 - y, y)


class Promoter(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.emb = nn.Embedding(4, dim)
        self.conv = nn.Conv1d(dim, dim, 5, padding=2)
        self.pos = nn.Parameter(0.02 * torch.randn(20, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.1, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, 1)
        self.fc = nn.Linear(dim, 2)

    def forward(self, s):
        h = torch.relu(self.conv(self.emb(s).transpose(1, 2))).transpose(1, 2) + self.pos
        return self.fc(self.enc(h).amax(1))


def check(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    return nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


torch.manual_seed(22)
train, (xv, yv) = TensorDataset(*dna(1000)), dna(500)
model = Promoter()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
# cure: best = float("inf")
for epoch in range(45):
    model.train()
    for x, y in DataLoader(train, batch_size=60, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    (lt, at), (lv, av) = check(model, *train.tensors), check(model, xv, yv)
    print(f"epoch {epoch:2d}: train {lt:.3f} / {at:.3f}  valid {lv:.3f} / {av:.3f}")
    # cure: best = min(best, lv)
    # cure: if lv > best + 0.015:
    # cure:     break
