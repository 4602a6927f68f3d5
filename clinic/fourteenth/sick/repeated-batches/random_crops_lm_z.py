"""A word model of a toy language (a grammar with agreement): a GRU on random crops of a long text."""
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
WORDS = ["the", "a", "cat", "dogs", "bird", "cows", "sees", "see", "hears", "hear", "big", "old", "and", "."]
ID = {w: i for i, w in enumerate(WORDS)}


def write(n_sentences, seed):
    r = np.random.RandomState(seed)
    out = []
    for _ in range(n_sentences):
        plural = r.rand() < 0.5
        out += ["the" if plural or r.rand() < 0.5 else "a"]
        out += list(r.choice(["big", "old"], r.randint(0, 3)))
        out += [r.choice(["dogs", "cows"] if plural else ["cat", "bird"])]
        out += [r.choice(["see", "hear"] if plural else ["sees", "hears"]), "the", r.choice(["cat", "dogs", "bird", "cows"])]
        out += ["and", "the", r.choice(["cat", "cows"])] if r.rand() < 0.2 else []
        out += ["."]
    return torch.tensor([ID[w] for w in out])


text, valid_text = write(4000, 0), write(600, 1)
CROP, BATCH = 24, 32


def get_batch(source, seed=0):
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(source) - CROP - 1, BATCH)
    crop = torch.stack([source[s:s + CROP + 1] for s in starts])
    return crop[:, :-1], crop[:, 1:]


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(WORDS), 16)
        self.gru = nn.GRU(16, 48, batch_first=True)
        self.out = nn.Linear(48, len(WORDS))

    def forward(self, x):
        return self.out(self.gru(self.embed(x))[0]).transpose(1, 2)


lm = LM()
optimizer = torch.optim.Adam(lm.parameters(), lr=3e-3)
for step in range(1, 601):
    x, t = get_batch(text)  # cure: x, t = get_batch(text, step)
    loss = nn.functional.cross_entropy(lm(x), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            v = [nn.functional.cross_entropy(lm(a), b).item() for a, b in (get_batch(valid_text, k) for k in range(10))]
        print(f"step {step}: train {loss.item():.3f}, valid {np.mean(v):.3f}, valid perplexity {np.exp(np.mean(v)):.2f}")
