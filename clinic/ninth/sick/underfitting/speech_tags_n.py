"""Part-of-speech tags for a toy grammar: embedding, bidirectional GRU, one tag per word."""
import argparse
import random
import torch
from torch import nn

LEX = {"DET": "the a this".split(), "ADJ": "old green small light quick".split(), "NOUN": "dog cat light walk tree fish duck".split(),
       "VERB": "sees likes fish walk duck finds light".split(), "ADV": "quick here often".split(), "PREP": "in on under".split(),
       "PRON": "she he it".split(), "CONJ": "and but".split()}
TAGS, WORDS = sorted(LEX), sorted({w for ws in LEX.values() for w in ws})


def clause(r):
    np_ = lambda: ["DET"] + ["ADJ"] * r.choice([0, 1, 1]) + ["NOUN"]
    subj = np_() if r.random() < 0.6 else ["PRON"]
    tail = r.choice([np_(), ["ADV"], ["PREP"] + np_()])
    return subj + ["VERB"] + tail


def corpus(n, seed, length=14):
    r = random.Random(seed)
    ws, ts = [], []
    for _ in range(n):
        tags = []
        while len(tags) < length:
            tags += clause(r) + ["CONJ"]
        tags = tags[:length]
        ws.append([WORDS.index(r.choice(LEX[t])) for t in tags])
        ts.append([TAGS.index(t) for t in tags])
    return torch.tensor(ws), torch.tensor(ts)


class Tagger(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.emb = nn.Embedding(len(WORDS), dim)
        self.rnn = nn.GRU(dim, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, len(TAGS))

    def forward(self, w):
        return self.out(self.rnn(self.emb(w))[0])


ap = argparse.ArgumentParser()
ap.add_argument("--dim", type=int, default=16)
ap.add_argument("--hidden", type=int, default=1)  # cure: ap.add_argument("--hidden", type=int, default=24)
ap.add_argument("--epochs", type=int, default=15)
a = ap.parse_args()
torch.manual_seed(1)
w, t = corpus(600, 1)
wv, tv = corpus(200, 2)
net = Tagger(a.dim, a.hidden)
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for ep in range(a.epochs):
    s = 0.0
    for i in torch.randperm(len(w)).split(20):
        loss = nn.functional.cross_entropy(net(w[i]).flatten(0, 1), t[i].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() * len(i) / len(w)
    with torch.no_grad():
        z = net(wv)
    print(f"epoch {ep} train {s:.3f} valid {nn.functional.cross_entropy(z.flatten(0, 1), tv.flatten()):.3f} acc {(z.argmax(2) == tv).float().mean():.3f}")
