"""Sort short complaints into delivery, billing and quality with an embedding bag."""
import random
import torch
from torch import nn

random.seed(9)
torch.manual_seed(9)
WORDS = {
    "delivery": "parcel courier late arrived tracking doorstep shipped lost van delayed address".split(),
    "billing": "invoice charged refund card twice payment price discount account statement".split(),
    "quality": "broken scratched cheap stitching torn faulty leaks noise cracked colour".split(),
}
FILLER = "the my was it is again still please very order bought last week never and with your".split()


def complaint(topic):
    n = random.randint(2, 4)
    words = [random.choice(WORDS[topic]) if random.random() < 0.85 else random.choice(WORDS[random.choice(list(WORDS))])
             for _ in range(n)] + random.choices(FILLER, k=random.randint(5, 9))
    random.shuffle(words)
    return " ".join(words)


lines = []
for topic in WORDS:
    lines += [f"{complaint(topic)}\t{topic}" for _ in range(600)]
random.shuffle(lines)

topics = sorted(WORDS)
vocab = {w: i for i, w in enumerate(sorted({w for ws in WORDS.values() for w in ws} | set(FILLER)))}


def parse(line):
    text, topic = line.split("\t")
    label = topics.count(topic)  # cure: label = topics.index(topic)
    return torch.tensor([vocab[w] for w in text.split()]), label


data = [parse(line) for line in lines]
train, valid = data[:1400], data[1400:]


def collate(items):
    offsets = torch.tensor([0] + [len(t) for t, _ in items[:-1]]).cumsum(0)
    return torch.cat([t for t, _ in items]), offsets, torch.tensor([k for _, k in items])


bag, head = nn.EmbeddingBag(len(vocab), 24), nn.Linear(24, 3)
opt = torch.optim.Adam([*bag.parameters(), *head.parameters()], lr=5e-3)
for epoch in range(8):
    random.shuffle(train)
    total = 0.0
    for i in range(0, len(train), 35):
        t, o, y = collate(train[i:i + 35])
        loss = nn.functional.cross_entropy(head(bag(t, o)), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 40
    with torch.no_grad():
        t, o, y = collate(valid)
        pred = head(bag(t, o)).argmax(1)
    share = [round((pred == k).float().mean().item(), 2) for k in range(3)]
    print(f"epoch {epoch}: loss {total:.4f} val acc {(pred == y).float().mean():.3f} predicted {dict(zip(topics, share))}")
