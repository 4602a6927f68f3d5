"""Which of eight made-up languages is a word from? A character-level GRU, trained in a scikit-learn-like wrapper."""
import random

import torch
import torch.nn as nn

random.seed(41)
torch.manual_seed(41)
LETTERS = "abcdefghijklmnopqrst"
LANGUAGES = 8


def make_language():
    """A language is a table of likely next letters."""
    return {c: random.sample(LETTERS, 5) for c in LETTERS}


TABLES = [make_language() for _ in range(LANGUAGES)]


def make_word(language, length=10):
    word = [random.choice(LETTERS)]
    while len(word) < length:
        likely = TABLES[language][word[-1]]
        word.append(random.choice(likely) if random.random() < 0.8 else random.choice(LETTERS))
    return [LETTERS.index(c) for c in word]


class WordNet(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(len(LETTERS), 24)
        self.gru = nn.GRU(24, hidden, batch_first=True)
        self.scores = nn.Linear(hidden, LANGUAGES)

    def forward(self, words):
        _, last = self.gru(self.embed(words))
        return torch.softmax(self.scores(last[0]), dim=-1)  # cure: return self.scores(last[0])


class Identifier:
    def __init__(self, epochs=8, lr=1.5e-3, batch=64):
        self.epochs, self.batch = epochs, batch
        self.net = WordNet()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=lr)
        self.criterion = nn.CrossEntropyLoss()

    def fit(self, x, y, x_valid, y_valid):
        for epoch in range(1, self.epochs + 1):
            order, total = torch.randperm(len(x)), 0.0
            for i in range(0, len(x), self.batch):
                pick = order[i : i + self.batch]
                self.optimizer.zero_grad()
                loss = self.criterion(self.net(x[pick]), y[pick])
                loss.backward()
                self.optimizer.step()
                total += loss.item() * len(pick)
            print(f"epoch {epoch:2d}  loss {total / len(x):.4f}  valid accuracy {self.score(x_valid, y_valid):.3f}")
        return self

    @torch.no_grad()
    def score(self, x, y):
        return (self.net(x).argmax(1) == y).float().mean().item()


labels = [random.randrange(LANGUAGES) for _ in range(16000)]
words = torch.tensor([make_word(k) for k in labels])
labels = torch.tensor(labels)
Identifier().fit(words[:15000], labels[:15000], words[15000:], labels[15000:])
