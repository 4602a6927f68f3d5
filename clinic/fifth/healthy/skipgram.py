"""Skip-gram with negative sampling on generated sentences; sparse embeddings, judged by topic purity of neighbours."""
import random
import torch
import torch.nn.functional as F
from torch import nn

TOPICS = {
    "kitchen": "pan oven knife flour butter spoon boil bake soup onion salt pepper".split(),
    "harbour": "boat rope anchor tide mast sail crew wave dock gull net captain".split(),
    "office": "desk memo printer meeting budget email chair report boss deadline phone copy".split(),
    "garden": "rose soil spade seed lawn hedge bee weed pond shade mulch fern".split(),
}
COMMON = "the a of and in near with old new small".split()
rnd = random.Random(5)
torch.manual_seed(5)


def sentence():
    words = TOPICS[rnd.choice(list(TOPICS))]
    return [rnd.choice(COMMON) if rnd.random() < 0.35 else rnd.choice(words) for _ in range(9)]


vocab = COMMON + [w for ws in TOPICS.values() for w in ws]
ids = {w: i for i, w in enumerate(vocab)}
topic = {ids[w]: t for t, ws in enumerate(TOPICS.values()) for w in ws}
pairs = []
for _ in range(2500):
    s = [ids[w] for w in sentence()]
    pairs += [(s[i], s[j]) for i in range(9) for j in range(max(0, i - 2), min(9, i + 3)) if i != j]
pairs = torch.tensor(pairs)


class SkipGram(nn.Module):
    def __init__(self, n, dim=16):
        super().__init__()
        self.word = nn.Embedding(n, dim, sparse=True)
        self.context = nn.Embedding(n, dim, sparse=True)
        nn.init.normal_(self.word.weight, std=0.2)
        nn.init.zeros_(self.context.weight)

    def forward(self, centre, ctx, neg):
        w = self.word(centre)
        pos = (w * self.context(ctx)).sum(1)
        negs = (self.context(neg) @ w.unsqueeze(2)).squeeze(2)
        return -(F.logsigmoid(pos) + F.logsigmoid(-negs).sum(1)).mean()


def purity(model):
    rows = torch.tensor(list(topic))
    e = F.normalize(model.word.weight.detach()[rows], dim=1)
    near = (e @ e.T).fill_diagonal_(-2).topk(5, dim=1).indices
    t = torch.tensor(list(topic.values()))
    return (t[near] == t[:, None]).float().mean().item()


model = SkipGram(len(vocab))
opt = torch.optim.SparseAdam(model.parameters(), lr=5e-3)
print(f"{len(pairs)} pairs, purity before {purity(model):.3f}")
for epoch in range(1, 7):
    total, n = 0.0, 0
    for b in torch.randperm(len(pairs)).split(256):
        c, o = pairs[b].unbind(1)
        loss = model(c, o, torch.randint(0, len(vocab), (len(b), 5)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total, n = total + loss.item(), n + 1
    print(f"epoch {epoch} loss {total / n:.4f} purity of 5 neighbours {purity(model):.3f}")
