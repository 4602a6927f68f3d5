"""A tiny vision transformer: the 8x8 digits cut into sixteen 2x2 patches."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

CONFIG = {
    "dim": 32,
    "heads": 4,
    "blocks": 2,
    "lr": 0.1,
    "batch": 64,
    "epochs": 14,
}  # cure: CONFIG = {"dim": 32, "heads": 4, "blocks": 2, "lr": 0.002, "batch": 64, "epochs": 14}


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(dim, heads, dropout=0.1, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * dim, dim))

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class TinyViT(nn.Module):
    def __init__(self, dim, heads, blocks):
        super().__init__()
        self.patch = nn.Conv2d(1, dim, 2, stride=2)
        self.place = nn.Parameter(torch.randn(16, dim) * 0.1)
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(blocks)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, 10)

    def forward(self, images):
        x = self.patch(images).flatten(2).transpose(1, 2) + self.place
        return self.head(self.norm(self.blocks(x)).mean(1))


torch.manual_seed(101)
data, target = load_digits(return_X_y=True)
images, target = torch.tensor(data, dtype=torch.float32).view(-1, 1, 8, 8) / 8 - 1, torch.tensor(target)
order = torch.randperm(len(target))
train, test = order[:1400], order[1400:]
model = TinyViT(CONFIG["dim"], CONFIG["heads"], CONFIG["blocks"])
optimizer = torch.optim.AdamW(model.parameters(), lr=CONFIG["lr"], weight_decay=0.01)
for epoch in range(CONFIG["epochs"]):
    model.train()
    for rows in train[torch.randperm(1400)].split(CONFIG["batch"]):
        loss = F.cross_entropy(model(images[rows]), target[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        out = model(images[test])
    print(
        f"epoch {epoch:2d}  loss {loss.item():.3f}  test {F.cross_entropy(out, target[test]).item():.3f}  "
        f"accuracy {(out.argmax(1) == target[test]).float().mean().item():.3f}"
    )
