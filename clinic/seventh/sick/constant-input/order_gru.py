"""Route short customer messages (billing / delivery / account) with an embedding and a GRU."""
import random
import torch
from torch import nn
from torch.nn import functional as F

random.seed(13)
torch.manual_seed(13)

OPEN = ["hello", "hi there", "good morning", "dear team", "please help"]
BODY = {
    0: ["my invoice is wrong", "i was charged twice", "the refund has not come", "the price on my bill is too high"],
    1: ["my parcel is late", "the box arrived broken", "where is my order", "the courier left it in the rain"],
    2: ["i cannot log in", "reset my password", "my profile shows an old address", "close my account for good"],
}
CLOSE = ["thanks", "what can you do", "this is urgent", "best regards", "answer soon"]
WIDTH = 16


def message():
    y = random.randrange(3)
    return " ".join([random.choice(OPEN), random.choice(BODY[y]), random.choice(CLOSE)]), y


corpus = [message() for _ in range(1500)]
vocab = {w: i + 1 for i, w in enumerate(sorted({w for text, _ in corpus for w in text.split()}))}


def encode(text):
    ids = [vocab[w] for w in text.split()]
    ids = [0] * 32 + ids
    return ids[:WIDTH]  # cure: return ids[-WIDTH:]


x = torch.tensor([encode(t) for t, _ in corpus])
y = torch.tensor([c for _, c in corpus])
x_train, y_train, x_dev, y_dev = x[:1200], y[:1200], x[1200:], y[1200:]


class Router(nn.Module):
    def __init__(self, n_words, dim=16, hidden=24):
        super().__init__()
        self.emb = nn.Embedding(n_words + 1, dim, padding_idx=0)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 3)

    def forward(self, ids):
        _, h = self.gru(self.emb(ids))
        return self.out(h[-1])


router = Router(len(vocab))
opt = torch.optim.Adam(router.parameters(), lr=3e-3)
for epoch in range(8):
    order = torch.randperm(len(x_train))
    tot = 0.0
    for b in order.split(40):
        loss = F.cross_entropy(router(x_train[b]), y_train[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        dev = (router(x_dev).argmax(-1) == y_dev).float().mean().item()
    print(f"epoch {epoch} loss {tot / len(order):.3f} dev {dev:.3f}")
