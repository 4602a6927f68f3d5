"""Guess the language of two number words from their letters (bag of letter bigrams hashed into an embedding bag)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen twenty thirty forty fifty sixty seventy hundred thousand",
    "de": "eins zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf dreizehn vierzehn fuenfzehn sechzehn zwanzig dreissig vierzig fuenfzig sechzig siebzig hundert tausend",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante septante cent mille",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici venti trenta quaranta cinquanta sessanta settanta cento mille",
}
BUCKETS = 500
LANGS = list(WORDS)


def bigrams(word):
    w = f"^{word}$"
    return [((ord(a) * 31 + ord(b)) % BUCKETS) for a, b in zip(w, w[1:])]


def phrase(words, rng):
    pick = torch.randint(len(words), (2,), generator=rng)
    return sum((bigrams(words[i]) for i in pick.tolist()), [])


def dataset(n, rng, part):
    bags, labels = [], []
    for _ in range(n):
        k = torch.randint(len(LANGS), (1,), generator=rng).item()
        bags.append(torch.tensor(phrase(WORDS[LANGS[k]].split()[part], rng)))
        labels.append(k)
    return bags, torch.tensor(labels)


def collate(bags):
    lengths = torch.tensor([0] + [len(b) for b in bags[:-1]])
    return torch.cat(bags), lengths.cumsum(0)


class Guesser(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(BUCKETS, 16, mode="mean")
        self.hidden = nn.Linear(16, 32)
        self.fc = nn.Linear(32, len(LANGS))

    def forward(self, flat, offsets):
        h = F.relu(self.hidden(self.bag(flat, offsets)))
        return self.fc(h)  # cure: return F.log_softmax(self.fc(h), dim=1)


torch.manual_seed(60)
rng = torch.Generator().manual_seed(61)
train_b, train_y = dataset(800, rng, slice(0, None))
test_b, test_y = dataset(200, rng, slice(0, None))
net = Guesser()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(1, 13):
    total = 0.0
    for idx in torch.randperm(len(train_b)).split(40):
        logp = net(*collate([train_b[i] for i in idx.tolist()]))
        loss = F.nll_loss(logp, train_y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        out = net(*collate(test_b))
    print(f"epoch {epoch} nll {total / len(train_b):.4f} new phrases: nll {F.nll_loss(out, test_y):.4f} "
          f"accuracy {(out.argmax(1) == test_y).float().mean():.3f}")
