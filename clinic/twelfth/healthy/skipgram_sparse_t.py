"""Skip-gram with negative sampling on a toy corpus of topics: sparse embeddings (SparseAdam) + dense projection (Adam)."""
import random

import torch
import torch.nn.functional as F
from torch import nn

TOPICS = {
    "kitchen": "pan knife oven spoon plate kettle salt flour".split(),
    "sea": "wave boat anchor sail harbour gull tide rope".split(),
    "music": "violin drum chord melody choir flute tempo string".split(),
    "forest": "oak moss deer fern path owl root leaf".split(),
    "office": "desk printer memo stapler email folder chair meeting".split(),
}
WORDS = [w for ws in TOPICS.values() for w in ws]
INDEX = {w: i for i, w in enumerate(WORDS)}


def corpus(rng, sentences=900):
    for _ in range(sentences):
        topic = rng.choice(list(TOPICS.values()))
        yield [INDEX[rng.choice(topic if rng.random() < 0.85 else WORDS)] for _ in range(7)]


def pairs(rng, window=2):
    out = []
    for sent in corpus(rng):
        for i, w in enumerate(sent):
            out += [(w, sent[j]) for j in range(max(0, i - window), min(7, i + window + 1)) if j != i]
    return torch.tensor(out)


class SkipGram(nn.Module):
    def __init__(self, dim=12):
        super().__init__()
        self.inner = nn.Embedding(len(WORDS), dim, sparse=True)
        self.outer = nn.Embedding(len(WORDS), dim, sparse=True)
        self.proj = nn.Linear(dim, dim, bias=False)

    def forward(self, centre, context):
        return torch.einsum("nd,nkd->nk", self.proj(self.inner(centre)), self.outer(context))


def topic_purity(model):
    with torch.no_grad():
        e = F.normalize(model.proj(model.inner.weight), dim=1)
    sim = e @ e.T - 2 * torch.eye(len(WORDS))
    near = sim.topk(3, dim=1).indices
    return (near // 8 == torch.arange(len(WORDS))[:, None] // 8).float().mean().item()


rng = random.Random(3)
torch.manual_seed(3)
data = pairs(rng)
model = SkipGram()
opt_sparse = torch.optim.SparseAdam([model.inner.weight, model.outer.weight], lr=1e-2)
opt_dense = torch.optim.Adam(model.proj.parameters(), lr=3e-3)
print(f"{len(data)} pairs; purity of neighbours before training {topic_purity(model):.2f}")
for epoch in range(1, 9):
    total, batches = 0.0, torch.randperm(len(data)).split(200)
    for idx in batches:
        centre, pos = data[idx].T
        neg = torch.randint(0, len(WORDS), (len(idx), 4))
        score = model(centre, torch.cat([pos[:, None], neg], 1))
        loss = -(F.logsigmoid(score[:, 0]).mean() + F.logsigmoid(-score[:, 1:]).sum(1).mean())
        opt_sparse.zero_grad()
        opt_dense.zero_grad()
        loss.backward()
        opt_sparse.step()
        opt_dense.step()
        total += loss.item()
    print(f"epoch {epoch}: loss {total / len(batches):.3f}, neighbour purity {topic_purity(model):.2f}")
