"""Predicts how many stars (1 to 5) a reader gives, from the words of a short review; targets are smoothed a little."""
import random

import torch
import torch.nn as nn

random.seed(1)
torch.manual_seed(1)
TONES = {
    1: "awful broken waste refund worst horrible useless".split(),
    2: "poor weak slow disappointing cheap flawed dull".split(),
    3: "okay average fine acceptable plain usual decent".split(),
    4: "good nice solid pleasant useful handy quick".split(),
    5: "superb perfect excellent love brilliant amazing best".split(),
}
FILLER = "the a it was is box item this very bought came my day shop with and for to of in".split()
VOCAB = {w: i for i, w in enumerate(FILLER + [w for words in TONES.values() for w in words])}
STARS, LENGTH = 5, 12


def review():
    stars = random.randint(1, STARS)
    words = []
    for _ in range(LENGTH):
        if random.random() < 0.35:
            near = stars if random.random() < 0.8 else min(5, max(1, stars + random.choice([-1, 1])))
            words.append(random.choice(TONES[near]))
        else:
            words.append(random.choice(FILLER))
    return [VOCAB[w] for w in words], stars


def smooth_targets(stars, eps=0.05):
    hot = (stars[:, None] == torch.arange(STARS)).float()  # cure: hot = (stars[:, None] == torch.arange(1, STARS + 1)).float()
    return hot * (1 - eps) + eps / STARS


class BagOfWords(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.EmbeddingBag(len(VOCAB), 24, mode="mean")
        self.out = nn.Linear(24, STARS)

    def forward(self, tokens):
        return self.out(self.embed(tokens))


pairs = [review() for _ in range(5000)]
tokens = torch.tensor([p[0] for p in pairs])
stars = torch.tensor([p[1] for p in pairs])
model = BagOfWords()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(12):
    order = torch.randperm(4000)
    for i in range(0, 4000, 50):
        pick = order[i : i + 50]
        log_p = model(tokens[pick]).log_softmax(1)
        loss = -(smooth_targets(stars[pick]) * log_p).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        log_p = model(tokens[4000:]).log_softmax(1)
        valid = -(smooth_targets(stars[4000:]) * log_p).sum(1).mean()
        hits = (smooth_targets(stars[4000:]).argmax(1) == log_p.argmax(1)).float().mean()
    print(f"epoch {epoch:2d}: train {loss.item():.4f}  valid {valid:.4f}  accuracy {hits:.3f}")
