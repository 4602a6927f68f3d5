"""Polynomial learning-rate decay with warm-up for a patch classifier on the digits."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

EPOCHS, BATCH, WARMUP, POWER = 15, 50, 20, 2.0


class Mixer(nn.Module):
    """Tokens are the 16 patches of 2x2 pixels."""

    def __init__(self, d=32):
        super().__init__()
        self.embed = nn.Linear(4, d)
        self.tok = nn.Sequential(nn.LayerNorm(16), nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.chan = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 64), nn.GELU(), nn.Linear(64, d))
        self.head = nn.Linear(d, 10)

    def forward(self, img):
        p = img.unfold(1, 2, 2).unfold(2, 2, 2).reshape(len(img), 16, 4)
        h = self.embed(p)
        h = h + self.tok(h.transpose(1, 2)).transpose(1, 2)
        h = h + self.chan(h)
        return self.head(h.mean(1))


torch.manual_seed(5)
ds = load_digits()
x, y = torch.tensor(ds.images, dtype=torch.float32) / 8 - 1, torch.tensor(ds.target)
mix = torch.randperm(len(x))
x, y = x[mix], y[mix]
xt, yt, xv, yv = x[:1300], y[:1300], x[1300:], y[1300:]
total_steps = 1300 // BATCH * EPOCHS


def factor(step):
    if step < WARMUP:
        return (step + 1) / WARMUP
    done = (step - WARMUP) / (1300 // BATCH)  # cure: done = (step - WARMUP) / (total_steps - WARMUP)
    return max(1.0 - done, 1e-5) ** POWER


net = Mixer()
opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.01)
sched = torch.optim.lr_scheduler.LambdaLR(opt, factor)
for epoch in range(EPOCHS):
    s = 0.0
    for idx in torch.randperm(1300).split(BATCH):
        loss = nn.functional.cross_entropy(net(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        s += loss.item() * BATCH / 1300
    with torch.no_grad():
        acc = (net(xv).argmax(1) == yv).float().mean()
    print(f"epoch {epoch + 1} loss {s:.4f} valid acc {acc:.4f}")
