"""Are the brackets balanced? Transformer encoder with warm-up from zero, label smoothing and clipping."""
import argparse
import random
import torch
from torch import nn

N, TOK = 8, {"(": 0, ")": 1, "[": 2, "]": 3, "^": 4}


def balanced(rnd, n):
    out, stack = [], []
    while len(out) < n:
        if stack and (len(stack) >= n - len(out) or rnd.random() < 0.5):
            out.append({"(": ")", "[": "]"}[stack.pop()])
        else:
            stack.append(rnd.choice("(["))
            out.append(stack[-1])
    return out


def example(rnd):
    s = balanced(rnd, N)
    good = rnd.random() < 0.5
    if not good:
        i = rnd.randrange(N)
        s[i] = rnd.choice([c for c in "()[]" if c != s[i]])
    return [TOK["^"]] + [TOK[c] for c in s], int(good)


def dataset(n, rnd):
    rows = [example(rnd) for _ in range(n)]
    return torch.tensor([r for r, _ in rows]), torch.tensor([g for _, g in rows])


class Checker(nn.Module):
    def __init__(self, d=32, layers=2):
        super().__init__()
        self.tok, self.pos = nn.Embedding(5, d), nn.Parameter(0.1 * torch.randn(N + 1, d))
        enc = nn.TransformerEncoderLayer(d, 4, 2 * d, dropout=0.05, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(enc, layers, enable_nested_tensor=False)
        self.cls = nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 2))

    def forward(self, ids):
        return self.cls(self.enc(self.tok(ids) + self.pos).mean(1))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--steps", type=int, default=400)
    ap.add_argument("--warmup", type=int, default=40)
    ap.add_argument("--lr", type=float, default=4e-3)
    a = ap.parse_args()
    torch.manual_seed(4)
    rnd = random.Random(4)
    (x, y), (xv, yv) = dataset(8000, rnd), dataset(800, rnd)
    net = Checker()
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=0.01)
    sched = torch.optim.lr_scheduler.LambdaLR(
        opt, lambda s: min(s / a.warmup, max(0.05, (a.steps - s) / (a.steps - a.warmup))))
    ce = nn.CrossEntropyLoss(label_smoothing=0.1)
    order, run = torch.randperm(len(x)), 0.0
    for step in range(a.steps):
        b = order[torch.arange(step * 64, step * 64 + 64) % len(x)]
        loss = ce(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        opt.step()
        sched.step()
        run += loss.item()
        if step % 40 == 39:
            net.eval()
            with torch.no_grad():
                acc = (net(xv).argmax(1) == yv).float().mean().item()
            net.train()
            print(f"step {step + 1:4d}  smoothed loss {run / 40:.4f}  valid acc {acc:.3f}")
            run = 0.0


main()
