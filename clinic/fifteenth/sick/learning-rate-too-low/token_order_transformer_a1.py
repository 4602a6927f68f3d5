"""A tiny transformer decides which of two marker tokens comes first in a sequence."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
VOCAB, LENGTH = 20, 12
A, B = 18, 19


def make(n):
    seq = torch.randint(0, 18, (n, LENGTH))
    places = torch.rand(n, LENGTH).argsort(1)[:, :2]
    rows = torch.arange(n)
    seq[rows, places[:, 0]] = A
    seq[rows, places[:, 1]] = B
    return seq, (places[:, 0] < places[:, 1]).long()


class TinyTransformer(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, dim)
        self.pos = nn.Parameter(torch.randn(1, LENGTH, dim) * 0.5)
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, 2)

    def forward(self, ids):
        return self.out(self.norm(self.enc(self.tok(ids) + self.pos)).mean(1))


train = DataLoader(TensorDataset(*make(3200)), batch_size=64, shuffle=True)
x_dev, y_dev = make(600)
model = TinyTransformer()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.01)  # cure: optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(1, 9):
    model.train()
    total = 0.0
    for ids, first in train:
        loss = loss_fn(model(ids), first)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        out = model(x_dev)
        dev_loss, dev_acc = loss_fn(out, y_dev), (out.argmax(1) == y_dev).float().mean()
    print(f"epoch {epoch}  train loss {total / len(train):.4f}  dev loss {dev_loss:.4f}  dev acc {dev_acc:.3f}")
