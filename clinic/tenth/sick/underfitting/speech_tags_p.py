"""Part-of-speech tags for generated sentences with a bidirectional GRU; the tag of a word depends on its neighbours."""
import random
import torch
import torch.nn as nn

random.seed(80)
torch.manual_seed(80)
NOUN = "dog cat river stone child table song king ship apple".split()
VERB = "sees takes finds paints carries follows".split()
BOTH = "walks plays drinks watches rings names calls plans".split()
ADJ = "old green happy small quiet bright".split()
TAGS = {"D": 0, "A": 1, "N": 2, "V": 3, "P": 4, "R": 5}


def phrase():
    out = [(random.choice(["the", "a", "her", "this"]), "D")]
    while random.random() < 0.4:
        out.append((random.choice(ADJ), "A"))
    out.append((random.choice(NOUN + BOTH), "N"))
    if random.random() < 0.25:
        out += [(random.choice(["in", "under", "near"]), "P")] + phrase()
    return out


def sentence():
    s = phrase() + [(random.choice(VERB + BOTH), "V")]
    s += phrase() if random.random() < 0.6 else [(random.choice(["fast", "today", "again"]), "R")]
    s = (s + [("<pad>", None)] * 16)[:16]
    return s


words = sorted({w for s in (sentence() for _ in range(3000)) for w, _ in s})
ix = {w: i for i, w in enumerate(words)}


def batch_of(n):
    ss = [sentence() for _ in range(n)]
    return (torch.tensor([[ix[w] for w, _ in s] for s in ss]),
            torch.tensor([[TAGS[t] if t else -100 for _, t in s] for s in ss]))


class Tagger(nn.Module):
    def __init__(self, emb=1, hidden=1):  # cure: def __init__(self, emb=16, hidden=24):
        super().__init__()
        self.emb = nn.Embedding(len(words), emb)
        self.gru = nn.GRU(emb, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, len(TAGS))

    def forward(self, x):
        return self.out(self.gru(self.emb(x))[0])


x, y = batch_of(1200)
xv, yv = batch_of(500)
net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(16):
    tot = 0.0
    for b in torch.randperm(len(x)).split(50):
        loss = nn.functional.cross_entropy(net(x[b]).transpose(1, 2), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 24
    with torch.no_grad():
        z = net(xv)
        mask = yv >= 0
        acc = (z.argmax(-1) == yv)[mask].float().mean()
        vl = nn.functional.cross_entropy(z.transpose(1, 2), yv)
    print(f"epoch {epoch:2d} train {tot:.4f} val {vl:.4f} tag acc {acc:.4f}")
