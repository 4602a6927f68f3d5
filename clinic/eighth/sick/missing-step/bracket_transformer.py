"""Tiny transformer that tells whether a bracket string is balanced, trained with a warm-up schedule."""
import random
import torch
from torch import nn

random.seed(24)
torch.manual_seed(24)
LENGTH = 10


def string():
    any_will_do = random.random() < 0.5
    while True:
        s = [random.choice("()") for _ in range(LENGTH)]
        if any_will_do:
            return s
        depth = lowest = 0
        for c in s:
            depth += 1 if c == "(" else -1
            lowest = min(lowest, depth)
        if depth == 0 and lowest == 0:
            return s


def balanced(s):
    depth = 0
    for c in s:
        depth += 1 if c == "(" else -1
        if depth < 0:
            return 0.0
    return float(depth == 0)


class Checker(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(2, dim), nn.Parameter(torch.randn(LENGTH, dim) * 0.1)
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 1)

    def forward(self, t):
        return self.head(self.enc(self.tok(t) + self.pos).mean(1)).squeeze(1)


rows = [string() for _ in range(2400)]
x = torch.tensor([[int(c == "(") for c in s] for s in rows])
y = torch.tensor([balanced(s) for s in rows])
model = Checker()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, (s + 1) / 50))


def training_step(idx):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(model(x[idx]), y[idx])
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    # cure: optimizer.step()
    scheduler.step()
    return loss.item()


for epoch in range(6):
    losses = [training_step(idx) for idx in torch.randperm(2000).split(40)]
    with torch.no_grad():
        acc = ((model(x[2000:]) > 0).float() == y[2000:]).float().mean()
    print(f"epoch {epoch} loss {sum(losses) / len(losses):.4f} acc {acc:.3f} lr {scheduler.get_last_lr()[0]:.1e}")
