"""Skip-gram with negative sampling and sparse embedding gradients on a toy corpus of topics."""
import random
import torch
from torch import nn
import torch.nn.functional as F

random.seed(64)
torch.manual_seed(64)
TOPICS = {
    "sea": "boat wave sail fish port tide net crew".split(),
    "farm": "cow field barn seed plough wheat hay goat".split(),
    "city": "tram tower street shop crowd lift office cafe".split(),
    "sky": "cloud wing star moon wind kite plane bird".split(),
}
words = [w for group in TOPICS.values() for w in group]
index = {w: i for i, w in enumerate(words)}
topic_of = torch.tensor([k for k, group in enumerate(TOPICS.values()) for _ in group])
sentences = [[random.choice(group if random.random() < 0.7 else words) for _ in range(8)]
             for group in TOPICS.values() for _ in range(150)]
pairs = torch.tensor([(index[s[i]], index[s[j]]) for s in sentences for i in range(8) for j in range(8) if 0 < abs(i - j) <= 2])

centre, context = nn.Embedding(len(words), 12, sparse=True), nn.Embedding(len(words), 12, sparse=True)
nn.init.normal_(centre.weight, std=0.1)
nn.init.normal_(context.weight, std=0.1)
opt = torch.optim.SparseAdam([*centre.parameters(), *context.parameters()], lr=0.004)


def purity():
    v = F.normalize(centre.weight.detach(), dim=1)
    sim = v @ v.T - 2 * torch.eye(len(words))
    return (topic_of[sim.topk(3, dim=1).indices] == topic_of[:, None]).float().mean().item()


for epoch in range(6):
    total = 0.0
    for idx in torch.randperm(len(pairs)).split(128):
        c, o = pairs[idx].T
        neg = torch.randint(len(words), (len(idx), 4))
        v = centre(c)
        good = (v * context(o)).sum(1)
        bad = (context(neg) @ v.unsqueeze(2)).squeeze(2)
        loss = -(F.logsigmoid(good) + F.logsigmoid(-bad).sum(1)).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    print(f"epoch {epoch} loss {total / len(pairs):.4f} neighbour purity {purity():.3f}")
