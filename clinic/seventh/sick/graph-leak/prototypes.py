"""Topic classifier by prototypes: texts are averaged word vectors, topics are moving averages of their texts."""
import time
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(3)
WORDS, TOPICS, LENGTH = 300, 5, 12


def texts(n):
    topic = torch.randint(0, TOPICS, (n,))
    typical = topic[:, None] * 30 + torch.randint(0, 30, (n, LENGTH))
    common = torch.randint(0, WORDS, (n, LENGTH))
    return torch.where(torch.rand(n, LENGTH) < 0.4, typical, common), topic


class Prototypes(nn.Module):
    def __init__(self, dim=24, keep=0.9):
        super().__init__()
        self.words = nn.EmbeddingBag(WORDS, dim, mode="mean")
        self.centres = torch.zeros(TOPICS, dim)
        self.keep = keep

    def forward(self, ids):
        return self.words(ids)

    def logits(self, z):
        return -2 * (z[:, None] - self.centres).pow(2).sum(-1)

    def update(self, z, y):
        onehot = F.one_hot(y, TOPICS).float()
        mean = onehot.t() @ z / onehot.sum(0).clamp(min=1)[:, None]
        old = self.centres  # cure: old = self.centres.detach()
        self.centres = self.keep * old + (1 - self.keep) * mean


x, y = texts(1800)
xd, yd = texts(600)
model = Prototypes()
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(5):
    start = time.perf_counter()
    total = 0.0
    batches = torch.randperm(len(x)).split(60)
    for b in batches:
        z = model(x[b])
        model.update(z, y[b])
        loss = F.cross_entropy(model.logits(z), y[b])
        opt.zero_grad()
        loss.backward(retain_graph=True)
        opt.step()
        total += loss.item() / len(batches)
    speed = 1000 * (time.perf_counter() - start) / len(batches)
    with torch.no_grad():
        acc = (model.logits(model(xd)).argmax(1) == yd).float().mean().item()
    print(f"epoch {epoch} loss {total:.4f} dev accuracy {acc:.3f} ({speed:.1f} ms per step)")
