"""Route support tickets to billing, technical or shipping with an averaged word embedding."""
import random
import re
import torch
from torch import nn

random.seed(2)
torch.manual_seed(2)

WORDS = {
    "billing": "Invoice Refund Payment Charged Card Subscription Price Receipt Bank Discount".split(),
    "technical": "Crash Error Login Password Update Install Screen Freeze Browser Bug".split(),
    "shipping": "Parcel Courier Delivery Tracking Address Delayed Package Warehouse Label Box".split(),
}
FILLER = "Please Help Hello Thanks Today Again Still Order Account Customer Since Week".split()
TOPICS = list(WORDS)


def ticket():
    topic = random.randrange(3)
    words = random.choices(WORDS[TOPICS[topic]], k=3) + random.choices(FILLER, k=4)
    if random.random() < 0.3:
        words[0] = random.choice(WORDS[TOPICS[random.randrange(3)]])
    random.shuffle(words)
    return " ".join(words), topic


def tokens(text):
    return re.findall(r"\w+", text)  # cure: return re.findall(r"\w+", text.lower())


train = [ticket() for _ in range(1800)]
test = [ticket() for _ in range(600)]
vocab = {"<unk>": 0}
for group in list(WORDS.values()) + [FILLER]:
    for w in group:
        vocab.setdefault(w.lower(), len(vocab))


def encode(rows):
    ids = torch.tensor([[vocab.get(t, 0) for t in tokens(text)] for text, _ in rows])
    return ids, torch.tensor([topic for _, topic in rows])


class Router(nn.Module):
    def __init__(self, n_words, dim=16):
        super().__init__()
        self.emb = nn.EmbeddingBag(n_words, dim, mode="mean")
        self.mlp = nn.Sequential(nn.Linear(dim, 32), nn.ReLU(), nn.Linear(32, 3))

    def forward(self, ids):
        return self.mlp(self.emb(ids))


x, y = encode(train)
xt, yt = encode(test)
model = Router(len(vocab))
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
for epoch in range(12):
    order = torch.randperm(len(x))
    s = 0.0
    for i in range(0, len(x), 30):
        b = order[i:i + 30]
        loss = nn.functional.cross_entropy(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        acc = (model(xt).argmax(1) == yt).float().mean().item()
    print(f"epoch {epoch + 1:2d} loss {s / (len(x) // 30):.3f} test acc {acc:.3f}")
