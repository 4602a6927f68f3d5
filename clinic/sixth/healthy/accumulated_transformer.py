"""Sorting short sequences with a transformer; four micro-batches of eight per step, gradients accumulated."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(130)
V, L, MICRO, ACC = 12, 6, 8, 4


class Sorter(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.tok = nn.Embedding(V, d)
        self.pos = nn.Parameter(0.1 * torch.randn(L, d))
        layer = nn.TransformerEncoderLayer(d, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(d, V)

    def forward(self, s):
        return self.out(self.enc(self.tok(s) + self.pos))


model = Sorter()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=301, pct_start=0.15)
check = torch.randint(V, (300, L))
running = 0.0
opt.zero_grad()
for micro in range(1, 1201):
    s = torch.randint(V, (MICRO, L))
    loss = F.cross_entropy(model(s).flatten(0, 1), s.sort(1).values.flatten())
    (loss / ACC).backward()
    running += loss.item()
    if micro % ACC == 0:
        opt.step()
        opt.zero_grad()
        sched.step()
    if micro % 120 == 0:
        model.eval()
        with torch.no_grad():
            right = (model(check).argmax(2) == check.sort(1).values).float()
        model.train()
        print(f"update {micro // ACC} loss {running / 120:.4f} positions {right.mean():.3f} whole {right.prod(1).mean():.3f}")
        running = 0.0
