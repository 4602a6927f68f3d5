"""How far do fixed random convolutions take us? Only the read-out of a scattering-like network is trained (digits)."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class FrozenBank(nn.Module):
    def __init__(self, n=48):
        super().__init__()
        self.conv = nn.Conv2d(1, n, 3, padding=1)
        nn.init.orthogonal_(self.conv.weight[:9].flatten(1))
        for p in self.parameters():
            p.requires_grad_(False)

    def forward(self, x):
        h = self.conv(x)
        h = torch.cat([h.relu(), (-h).relu()], 1)
        return nn.functional.avg_pool2d(h, 2).flatten(1)


torch.manual_seed(33)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
x, y = (x - x.mean()) / x.std(), torch.tensor(d.target)
order = torch.randperm(len(x))
tr, te = order[:1300], order[1300:]
bank = FrozenBank()
norm = nn.LayerNorm(48 * 2 * 16, elementwise_affine=False)
readout = nn.Sequential(nn.Linear(48 * 2 * 16, 32), nn.ReLU(), nn.Linear(32, 10))
model = nn.Sequential(bank, norm, readout)
print("trained:", sum(p.numel() for p in model.parameters() if p.requires_grad), "of", sum(p.numel() for p in model.parameters()))
opt = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=5e-4, weight_decay=0.05)
for epoch in range(10):
    model.train()
    bank.eval()
    total = 0.0
    for b in tr[torch.randperm(len(tr))].split(32):
        loss = nn.functional.cross_entropy(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b) / len(tr)
    model.eval()
    with torch.no_grad():
        acc = (model(x[te]).argmax(1) == y[te]).float().mean().item()
    print(f"epoch {epoch} loss {total:.4f} test accuracy {acc:.4f}")
