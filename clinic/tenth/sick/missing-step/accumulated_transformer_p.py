"""Tiny transformer: is the bracket sequence balanced? Gradients are accumulated over several small batches."""
import argparse
import random
import torch
from torch import nn

p = argparse.ArgumentParser()
p.add_argument("--micro", type=int, default=50)
p.add_argument("--accumulate", type=int, default=64)  # cure: p.add_argument("--accumulate", type=int, default=1)
p.add_argument("--epochs", type=int, default=10)
args = p.parse_args()
random.seed(3)
torch.manual_seed(3)
LEN = 10


def balanced():
    s, depth = [], 0
    for left in range(LEN, 0, -1):
        up = depth == 0 or (depth < left and random.random() < 0.5)
        depth += 1 if up else -1
        s.append(0 if up else 1)
    return s


def make(n):
    xs, ys = [], []
    for _ in range(n):
        s, y = balanced(), random.randint(0, 1)
        if not y:
            i, j = random.sample(range(LEN), 2)
            s[i], s[j] = 1 - s[i], s[j] if random.random() < 0.5 else 1 - s[j]
            d, ok = 0, True
            for c in s:
                d += 1 if c == 0 else -1
                ok = ok and d >= 0
            y = int(ok and d == 0)
        xs.append(s)
        ys.append(y)
    return torch.tensor(xs), torch.tensor(ys)


class Net(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(2, d), nn.Parameter(0.1 * torch.randn(LEN, d))
        self.enc = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.out = nn.Linear(d, 2)

    def forward(self, x):
        return self.out(self.enc(self.tok(x) + self.pos).mean(1))


(x, y), (xv, yv) = make(2000), make(500)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
for epoch in range(args.epochs):
    net.train()
    opt.zero_grad()
    tot = 0.0
    for i, b in enumerate(torch.randperm(len(x)).split(args.micro)):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        (loss / args.accumulate).backward()
        tot += loss.item() * len(b)
        if (i + 1) % args.accumulate == 0:
            opt.step()
            opt.zero_grad()
    net.eval()
    with torch.no_grad():
        acc = (net(xv).argmax(1) == yv).float().mean()
    print(f"epoch {epoch}: loss {tot / len(x):.4f}  val acc {acc:.3f}")
