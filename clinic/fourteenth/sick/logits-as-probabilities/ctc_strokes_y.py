"""Transcribe a one-dimensional 'stroke' signal into symbols with connectionist temporal classification."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(1)
torch.manual_seed(1)
SYMBOLS, FRAMES, CH = 5, 40, 6
shape = rng.normal(size=(SYMBOLS + 1, CH))


def make(n):
    x, y, ylen = rng.normal(0, 0.3, (n, FRAMES, CH)), np.zeros((n, 4), dtype=int), np.zeros(n, dtype=int)
    for k in range(n):
        size = rng.integers(2, 5)
        word = rng.integers(1, SYMBOLS + 1, size)
        pos = 1
        for s in word:
            pos += rng.integers(1, 4)
            x[k, pos:pos + 5] += shape[s]
            pos += 5
        y[k, :size], ylen[k] = word, size
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y), torch.tensor(ylen)


class Transcriber(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(CH, 32, 5, padding=2), nn.ReLU(), nn.Conv1d(32, 32, 5, padding=2), nn.ReLU())
        self.out = nn.Linear(32, SYMBOLS + 1)

    def forward(self, x):
        return self.out(self.conv(x.transpose(1, 2)).transpose(1, 2))


def decode(frames):
    best = frames.argmax(-1)
    words = []
    for row in best.tolist():
        words.append([s for i, s in enumerate(row) if s and (i == 0 or row[i - 1] != s)])
    return words


x, y, ylen = make(1200)
xv, yv, yvlen = make(300)
net = Transcriber()
ctc = nn.CTCLoss(blank=0)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(22):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        scores = net(x[idx]).transpose(0, 1)  # cure: scores = net(x[idx]).transpose(0, 1).log_softmax(2)
        loss = ctc(scores, y[idx], torch.full((len(idx),), FRAMES), ylen[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(x)
    with torch.no_grad():
        words = decode(net(xv))
    right = np.mean([w == t[:n] for w, t, n in zip(words, yv.tolist(), yvlen.tolist())])
    print(f"epoch {epoch + 1:2d}  ctc loss {total:9.4f}  words right {right:.3f}")
