"""Route support tickets to a department with averaged word embeddings."""
import random

import torch
from torch import nn
from torch.utils.data import DataLoader

TOPICS = {
    "Billing": "invoice refund charge payment receipt discount subscription card".split(),
    "Network": "router wifi latency cable signal modem outage bandwidth".split(),
    "Account": "password login username profile email locked reset verify".split(),
    "Shipping": "parcel courier delivery address tracking delayed box customs".split(),
}
FILLER = "hello please my the is was again today since help with not a still".split()
random.seed(6)
torch.manual_seed(6)


def ticket():
    topic = random.choice(list(TOPICS))
    words = random.choices(TOPICS[topic], k=3) + random.choices(FILLER, k=7)
    if random.random() < 0.3:
        words[0] = random.choice(TOPICS[random.choice(list(TOPICS))])
    random.shuffle(words)
    return " ".join(words).upper(), list(TOPICS).index(topic)


tickets = [ticket() for _ in range(2000)]
vocab = {"<unk>": 0}
for word in FILLER + sum(TOPICS.values(), []):
    vocab.setdefault(word, len(vocab))


def encode(batch):
    ids = [[vocab.get(w, 0) for w in text.split()] for text, _ in batch]  # cure: ids = [[vocab.get(w.lower(), 0) for w in text.split()] for text, _ in batch]
    return torch.tensor(ids), torch.tensor([label for _, label in batch])


class Router(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(len(vocab), 16, mode="mean")
        self.out = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, len(TOPICS)))

    def forward(self, ids):
        return self.out(self.bag(ids))


train = DataLoader(tickets[:1600], batch_size=32, shuffle=True, collate_fn=encode)
valid = DataLoader(tickets[1600:], batch_size=400, collate_fn=encode)
router, ce = Router(), nn.CrossEntropyLoss()
opt = torch.optim.Adam(router.parameters(), lr=3e-3)
for epoch in range(1, 9):
    total = 0.0
    for ids, y in train:
        opt.zero_grad()
        loss = ce(router(ids), y)
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        ids, y = next(iter(valid))
        out = router(ids)
    print(f"epoch {epoch}: train {total / len(train):.4f} valid {ce(out, y).item():.4f} "
          f"correctly routed {(out.argmax(1) == y).float().mean().item():.1%}")
