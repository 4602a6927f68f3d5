"""Skip-gram with negative sampling on sentences that each keep to one of eight topics."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
TOPICS, PER, SENT, LEN = 8, 15, 1500, 8
VOCAB = TOPICS * PER
topic = torch.randint(0, TOPICS, (SENT, 1))
words = topic * PER + torch.randint(0, PER, (SENT, LEN))
stray = torch.rand(SENT, LEN) < 0.1
words[stray] = torch.randint(0, VOCAB, (int(stray.sum()),))
pairs = torch.cat([torch.stack([words[:, i], words[:, j]], 1) for i in range(LEN) for j in range(LEN) if 0 < abs(i - j) <= 2])


class SkipGram(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.inner = nn.Embedding(VOCAB, dim)
        self.outer = nn.Embedding(VOCAB, dim)
        nn.init.normal_(self.inner.weight, std=0.3)
        nn.init.normal_(self.outer.weight, std=0.3)

    def loss(self, centre, context, negative):
        c = self.inner(centre)
        good = (c * self.outer(context)).sum(1)
        bad = torch.einsum("bd,bkd->bk", c, self.outer(negative))
        return -(F.logsigmoid(good) + F.logsigmoid(-bad).sum(1)).mean()


model = SkipGram()
sgd = torch.optim.SGD(model.parameters(), lr=0.025)  # cure: sgd = torch.optim.SGD(model.parameters(), lr=20.0)
for epoch in range(1, 11):
    total = 0.0
    batches = torch.randperm(len(pairs)).split(256)
    for idx in batches:
        loss = model.loss(pairs[idx, 0], pairs[idx, 1], torch.randint(0, VOCAB, (len(idx), 4)))
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        total += loss.item()
    e = F.normalize(model.inner.weight.detach(), dim=1)
    sim = e @ e.T - 2 * torch.eye(VOCAB)
    same = (sim.argmax(1) // PER == torch.arange(VOCAB) // PER).float().mean()
    print(f"epoch {epoch}: loss {total / len(batches):.4f}, nearest word of the same topic {same:.2f}")
