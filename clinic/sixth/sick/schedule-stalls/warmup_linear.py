"""Masked-slot prediction: a small transformer fills the missing number of an arithmetic progression mod 13.
Linear warm-up, then linear decay."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import LambdaLR

torch.manual_seed(88)
P, LEN, MASK = 13, 6, 13
EPOCHS, BATCHES, BS = 12, 60, 64


def get_linear_schedule(optimizer, warmup, total):
    def factor(step):
        if step < warmup:
            return step / max(1, warmup)
        return max(0.0, (total - step) / max(1, total - warmup))
    return LambdaLR(optimizer, factor)


def progressions(n):
    a, d = torch.randint(P, (n, 1)), torch.randint(P, (n, 1))
    seq = (a + d * torch.arange(LEN)) % P
    slot = torch.randint(LEN, (n,))
    answer = seq[torch.arange(n), slot].clone()
    seq[torch.arange(n), slot] = MASK
    return seq, slot, answer


class Filler(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.tok = nn.Embedding(P + 1, dim)
        self.pos = nn.Parameter(torch.randn(LEN, dim) * 0.02)
        self.enc = nn.TransformerEncoderLayer(dim, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.out = nn.Linear(dim, P)

    def forward(self, seq, slot):
        h = self.enc(self.tok(seq) + self.pos)
        return self.out(h[torch.arange(len(seq)), slot])


model = Filler()
opt = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
sched = get_linear_schedule(opt, warmup=30, total=BATCHES)  # cure: sched = get_linear_schedule(opt, warmup=30, total=EPOCHS * BATCHES)
test = progressions(1000)
for epoch in range(EPOCHS):
    total = 0.0
    for _ in range(BATCHES):
        seq, slot, ans = progressions(BS)
        loss = F.cross_entropy(model(seq, slot), ans)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item()
    with torch.no_grad():
        acc = (model(test[0], test[1]).argmax(1) == test[2]).float().mean().item()
    print(f"epoch {epoch + 1}: loss {total / BATCHES:.4f}, filled correctly {acc:.3f}")
