"""Word-level LSTM on a small set of reports written by a template grammar."""
import argparse
import random
import torch
from torch import nn

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=60)  # cure: ap.add_argument("--epochs", type=int, default=8)
ap.add_argument("--dim", type=int, default=64)
ap.add_argument("--lr", type=float, default=3e-3)
args = ap.parse_args()
random.seed(35)
torch.manual_seed(35)
NAMES = "anna ben carl dora emil fay gus hana ivan jill".split()
VERBS = "sees likes calls helps meets paints".split()
NOUNS = "cat dog boat house tree lamp book coat drum kite".split()
ADJ = "red old tall small bright quiet".split()


def report():
    return [random.choice(NAMES), random.choice(VERBS), "the", random.choice(ADJ), random.choice(NOUNS), "and",
            random.choice(VERBS), "a", random.choice(NOUNS), "."]


words = sorted(set(NAMES + VERBS + NOUNS + ADJ + ["the", "and", "a", "."]))
index = {w: i for i, w in enumerate(words)}
encode = lambda n: torch.tensor([[index[w] for w in report()] for _ in range(n)])
train, valid = encode(120), encode(400)


class WordLSTM(nn.Module):
    def __init__(self, vocab, dim):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, dim, batch_first=True)
        self.out = nn.Linear(dim, vocab)

    def forward(self, t):
        return self.out(self.lstm(self.emb(t))[0])


def loss_of(model, t):
    return nn.functional.cross_entropy(model(t[:, :-1]).flatten(0, 1), t[:, 1:].flatten())


model = WordLSTM(len(words), args.dim)
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
for epoch in range(1, args.epochs + 1):
    total = 0.0
    for idx in torch.randperm(len(train)).split(12):
        loss = loss_of(model, train[idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item() * len(idx) / len(train)
    with torch.no_grad():
        va = loss_of(model, valid).item()
    if epoch % 2 == 0:
        print(f"epoch {epoch:3d}  train {total:.4f}  valid {va:.4f}  valid perplexity {2.718281828 ** va:.2f}")
