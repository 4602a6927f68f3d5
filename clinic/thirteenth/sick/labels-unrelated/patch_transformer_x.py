"""A tiny vision transformer for the digits; pictures and annotations are kept in separate stores."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader

torch.manual_seed(24)
bunch = load_digits()
perm = torch.randperm(len(bunch.target))
pictures = ((torch.tensor(bunch.images, dtype=torch.float32) - 4.88) / 6.02)[perm]
annotations = torch.tensor(bunch.target)[perm]
BATCH = 32


class TinyViT(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.patch = nn.Linear(4, dim)
        self.pos = nn.Parameter(0.02 * torch.randn(16, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 10)

    def forward(self, img):
        p = img.unfold(1, 2, 2).unfold(2, 2, 2).reshape(len(img), 16, 4)
        return self.head(self.enc(self.patch(p) + self.pos).mean(1))


def epoch_batches():
    left = DataLoader(pictures[:1437], batch_size=BATCH, shuffle=True)  # cure: both = list(zip(pictures[:1437], annotations[:1437]))
    right = DataLoader(annotations[:1437], batch_size=BATCH, shuffle=True)  # cure: return DataLoader(both, batch_size=BATCH, shuffle=True)
    return zip(left, right)  # cure: delete


model = TinyViT()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(7):
    model.train()
    losses = []
    for img, lab in epoch_batches():
        loss = ce(model(img), lab)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        out = model(pictures[1437:])
        v = ce(out, annotations[1437:]).item()
        acc = (out.argmax(1) == annotations[1437:]).float().mean().item()
    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f} valid {v:.4f} accuracy {acc:.3f}")
