"""Guesses the language of an invented word from its letters (three toy languages), with a GRU."""
import random
import torch
import torch.nn as nn

random.seed(5)
torch.manual_seed(5)
SYLL = {
    0: ["ka", "to", "mi", "ra", "su", "ne", "ho"],
    1: ["sch", "bert", "wald", "tz", "ung", "heim", "or"],
    2: ["ello", "ina", "cci", "amo", "zza", "ri", "to"],
}
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
MAXLEN = 14


def word(lang):
    return "".join(random.choice(SYLL[lang]) for _ in range(random.randint(2, 4)))[:MAXLEN]


def tensor(w):
    return [ALPHABET.index(c) + 1 for c in w] + [0] * (MAXLEN - len(w))


langs = [random.randrange(3) for _ in range(1500)]
X = torch.tensor([tensor(word(l)) for l in langs])
Y = torch.tensor(langs)


class LangGuesser(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(27, 16, padding_idx=0)
        self.gru = nn.GRU(16, 32, batch_first=True)
        self.fc = nn.Linear(32, 3)

    def forward(self, ids):
        out, _ = self.gru(self.letters(ids))
        keep = (ids > 0).float().unsqueeze(-1)
        return self.fc((out * keep).sum(1) / keep.sum(1))


def train(model, epochs=10, lr=2e-6):  # cure: def train(model, epochs=10, lr=2e-3):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for e in range(epochs):
        s = 0
        for idx in torch.randperm(1200).split(40):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(X[idx]), Y[idx])
            loss.backward()
            opt.step()
            s += loss.item() / 30
        with torch.no_grad():
            acc = (model(X[1200:]).argmax(1) == Y[1200:]).float().mean().item()
        print(f"epoch {e:2d}: loss={s:.4f} val_acc={acc:.3f}")


train(LangGuesser())
