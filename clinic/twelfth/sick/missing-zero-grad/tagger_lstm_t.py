"""Part-of-speech style tagger for a toy grammar: BiLSTM over words, one tag per word."""
import random

import torch
from torch import nn

LEXICON = {
    "DET": ["the", "a", "every", "this"],
    "NOUN": ["dog", "plan", "watch", "light", "hand", "play", "walk", "book"],
    "VERB": ["sees", "plan", "watch", "light", "hand", "play", "walk", "book"],
    "ADJ": ["old", "quick", "light", "calm"],
    "ADV": ["often", "never", "now"],
}
TAGS = list(LEXICON)
WORDS = sorted({w for ws in LEXICON.values() for w in ws})
PATTERNS = ["DET NOUN VERB DET NOUN", "DET ADJ NOUN ADV VERB DET NOUN", "NOUN VERB DET ADJ NOUN ADV",
            "ADV DET NOUN VERB NOUN", "DET NOUN VERB ADV"]
LENGTH = 7


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(WORDS) + 1, 16)
        self.lstm = nn.LSTM(16, 24, bidirectional=True, batch_first=True)
        self.out = nn.Linear(48, len(TAGS))

    def forward(self, words):
        return self.out(self.lstm(self.embedding(words))[0])


class Experiment:
    def __init__(self, seed=3):
        torch.manual_seed(seed)
        self.rng = random.Random(seed)
        self.model = Tagger()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.3, momentum=0.8)
        self.criterion = nn.CrossEntropyLoss(ignore_index=-1)

    def sentences(self, n):
        w = torch.zeros(n, LENGTH, dtype=torch.long)
        t = torch.full((n, LENGTH), -1)
        for i in range(n):
            for j, tag in enumerate(self.rng.choice(PATTERNS).split()):
                w[i, j] = WORDS.index(self.rng.choice(LEXICON[tag])) + 1
                t[i, j] = TAGS.index(tag)
        return w, t

    def train_step(self, w, t):
        self.optimizer.zero_grad  # cure: self.optimizer.zero_grad()
        loss = self.criterion(self.model(w).transpose(1, 2), t)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def fit(self, epochs=8, batch=40):
        w, t = self.sentences(1600)
        wv, tv = self.sentences(300)
        for epoch in range(1, epochs + 1):
            self.model.train()
            losses = [self.train_step(w[i], t[i]) for i in torch.randperm(len(w)).split(batch)]
            self.model.eval()
            with torch.no_grad():
                pred = self.model(wv).argmax(2)
            acc = (pred == tv)[tv >= 0].float().mean().item()
            print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}, tag accuracy {acc:.3f}")


Experiment().fit()
