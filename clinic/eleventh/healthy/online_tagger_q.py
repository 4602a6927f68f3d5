"""Online learning, one sentence at a time: a bidirectional LSTM marks dates and amounts in generated notes."""
import random

import torch
import torch.nn as nn

random.seed(7)
torch.manual_seed(7)
MONTHS = "january march may july october".split()
PLAIN = "please send the bill for goods we got on our way to paris with many thanks and regards".split()


def sentence():
    words, tags = [], []
    while len(words) < random.randint(6, 14):
        kind = random.random()
        if kind < 0.2:
            words += [str(random.randint(1, 28)), random.choice(MONTHS)]
            tags += [1, 1]
        elif kind < 0.4:
            words += [str(random.randint(1, 28)), random.choice(["euro", "dollars"])]
            tags += [2, 2]
        else:
            words.append(random.choice(PLAIN))
            tags.append(0)
    return words, tags


corpus = [sentence() for _ in range(1000)]
vocab = {w: i for i, w in enumerate(sorted({w for s, _ in corpus for w in s}))}
coded = [(torch.tensor([[vocab[w] for w in s]]), torch.tensor(t)) for s, t in corpus]
train, test = coded[:800], coded[800:]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(vocab), 16)
        self.rnn = nn.LSTM(16, 24, bidirectional=True, batch_first=True)
        self.out = nn.Linear(48, 3)

    def forward(self, ids):
        return self.out(self.rnn(self.emb(ids))[0])[0]


model = Tagger()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(2):
    random.shuffle(train)
    recent = []
    for i, (ids, tags) in enumerate(train, 1):
        loss = nn.functional.cross_entropy(model(ids), tags)
        opt.zero_grad()
        loss.backward()
        opt.step()
        recent.append(loss.item())
        if i % 200 == 0:
            with torch.no_grad():
                right = sum((model(a).argmax(1) == b).sum().item() for a, b in test)
            print(f"epoch {epoch + 1} after {i} sentences: loss {sum(recent[-200:]) / 200:.4f} "
                  f"test tag accuracy {right / sum(len(b) for _, b in test):.4f}")
