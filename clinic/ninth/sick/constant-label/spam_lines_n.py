"""Spam filter: hashed words, one hidden layer, labels read from an exported file."""
import random
import zlib
import numpy as np
import torch
import torch.nn.functional as F

R = random.Random(9)
SPAM = "win prize free cash click offer winner loan cheap pills bonus casino".split()
HAM = "meeting lunch report tomorrow project thanks call home dinner notes team train".split()
BOTH = "you now the your for and today please we see".split()


def export(n):
    lines = []
    for _ in range(n):
        spam = R.random() < 0.5
        own, other = (SPAM, HAM) if spam else (HAM, SPAM)
        words = R.choices(own, k=3) + R.choices(other, k=1) + R.choices(BOTH, k=4)
        R.shuffle(words)
        lines.append('"%s","%s"' % ("spam" if spam else "ham", " ".join(words)))
    return lines


def parse(lines, bins=128):
    x = np.zeros((len(lines), bins), np.float32)
    y = np.zeros(len(lines), np.float32)
    for i, line in enumerate(lines):
        y[i] = line.startswith("spam")  # cure: y[i] = line.strip('"').startswith("spam")
        for w in line.split('","')[1].rstrip('"').split():
            x[i, zlib.crc32(w.encode()) % bins] += 1.0
    return torch.from_numpy(x), torch.from_numpy(y)


def hand_checked(n):
    lines = export(n)
    x, _ = parse(lines)
    return x, torch.tensor(["spam" in ln.split(",")[0] for ln in lines])


torch.manual_seed(9)
x, y = parse(export(1500))
xt, yt = hand_checked(400)
w1 = torch.nn.Parameter(torch.randn(128, 32) * 0.2)
b1 = torch.nn.Parameter(torch.zeros(32))
w2 = torch.nn.Parameter(torch.randn(32) * 0.2)
b2 = torch.nn.Parameter(torch.zeros(()))


def score(v):
    return torch.relu(v @ w1 + b1) @ w2 + b2


opt = torch.optim.Adam([w1, b1, w2, b2], lr=2e-3)
for epoch in range(8):
    losses = []
    for i in torch.randperm(len(x)).split(25):
        opt.zero_grad()
        loss = F.binary_cross_entropy_with_logits(score(x[i]), y[i])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        acc = ((score(xt) > 0) == yt).float().mean().item()
    print("epoch %d: loss %.4f, accuracy on hand-checked mail %.3f" % (epoch, np.mean(losses), acc))
