"""Neural bigram model: the likelihood of the next word given the current one, on a small generated corpus."""
import random

import torch
import torch.nn as nn

random.seed(2)
torch.manual_seed(2)
GRAMMAR = {"<s>": ["the", "a"], "the": ["old", "cat", "dog"], "a": ["old", "small", "bird"], "old": ["cat", "bird"],
           "small": ["dog", "cat"], "cat": ["sees", "sleeps"], "dog": ["sees", "barks"], "bird": ["sings", "sees"],
           "sees": ["the", "a"], "sleeps": ["<s>"], "barks": ["<s>"], "sings": ["<s>"]}
words = sorted(GRAMMAR)
code = {w: i for i, w in enumerate(words)}


def corpus(n):
    out = ["<s>"]
    while len(out) < n:
        out.append(random.choice(GRAMMAR[out[-1]]))
    return torch.tensor([code[w] for w in out])


class BigramModel(nn.Module):
    def __init__(self, size, dim=10):
        super().__init__()
        self.embed = nn.Embedding(size, dim)
        self.mix = nn.Sequential(nn.Linear(dim, 24), nn.GELU(), nn.Linear(24, size))

    def log_likelihood(self, current, following):
        logp = self.mix(self.embed(current)).log_softmax(-1)
        return logp.gather(1, following[:, None]).squeeze(1)


train, held = corpus(4000), corpus(800)
model = BigramModel(len(words))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 11):
    for idx in torch.randperm(len(train) - 1).split(64):
        objective = model.log_likelihood(train[idx], train[idx + 1]).mean()
        optimizer.zero_grad()
        objective.backward()  # cure: (-objective).backward()
        optimizer.step()
    with torch.no_grad():
        ll = model.log_likelihood(held[:-1], held[1:])
        confident = (ll > -1.5).float().mean()
    print(f"epoch {epoch:2d}  held-out log-likelihood {ll.mean():.3f} nats/word  "
          f"words given at least 22%: {confident:.3f}")
