"""Gradient accumulation: micro-batches of twelve, one update every four of them, for a little vision transformer."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(10)
data = load_digits()
img = torch.tensor(data.images).float()
img = (img - img.mean()) / img.std()
patches = img.unfold(1, 2, 2).unfold(2, 2, 2).reshape(len(img), 16, 4)
label = torch.tensor(data.target)
perm = torch.randperm(len(img))
train, test = perm[:1440], perm[1440:]


class TinyViT(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.proj = nn.Linear(4, dim)
        self.pos = nn.Parameter(torch.randn(16, dim) * 0.1)
        self.block = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.head = nn.Linear(dim, 10)

    def forward(self, p):
        return self.head(self.block(self.proj(p) + self.pos).mean(1))


model = TinyViT()
opt = torch.optim.AdamW(model.parameters(), lr=4e-3)
ACCUM = 4
for epoch in range(1, 9):
    total = 0.0
    opt.zero_grad()
    for i, idx in enumerate(train[torch.randperm(len(train))].split(12), 1):
        loss = nn.functional.cross_entropy(model(patches[idx]), label[idx])
        (loss / ACCUM).backward()
        total += loss.item() / 120
        if i % ACCUM == 0:
            opt.step()
            opt.zero_grad()
    model.eval()
    with torch.no_grad():
        acc = (model(patches[test]).argmax(1) == label[test]).float().mean()
    model.train()
    print(f"epoch {epoch} loss {total:.4f} test accuracy {acc:.3f}")
