"""Route short support messages to a queue with a bag-of-words network."""
import random
import torch
from torch import nn
import torch.nn.functional as F

random.seed(4)
torch.manual_seed(4)
QUEUES = ["billing", "shipping", "returns", "account", "technical"]
PHRASES = {
    "billing": "invoice charge card payment receipt double price tax".split(),
    "shipping": "parcel courier late tracking delivery address depot customs".split(),
    "returns": "refund broken return label exchange size wrong swap".split(),
    "account": "password login email profile delete username locked verify".split(),
    "technical": "crash screen error update freeze install bug slow".split(),
}
FILLER = "please hello my the is with about help need still today thanks".split()


def message(queue):
    words = random.sample(PHRASES[queue], 2) + random.sample(FILLER, 4)
    if random.random() < 0.3:
        words.append(random.choice(PHRASES[random.choice(QUEUES)]))
    random.shuffle(words)
    return words


archive = [(message(q), QUEUES.index(q)) for q in QUEUES[:4] for _ in range(250)]
inbox = [(message("technical"), QUEUES.index("technical")) for _ in range(250)]
num_queues = len({label for _, label in archive})  # cure: num_queues = len(QUEUES)
data = archive + inbox
random.shuffle(data)
vocab = {w: i for i, w in enumerate(sorted({w for words, _ in data for w in words}))}


def encode(rows):
    x = torch.zeros(len(rows), len(vocab))
    for r, (words, _) in enumerate(rows):
        for w in words:
            x[r, vocab[w]] += 1
    return x, torch.tensor([label for _, label in rows])


x_train, y_train = encode(data[:1000])
x_test, y_test = encode(data[1000:])
net = nn.Sequential(nn.Linear(len(vocab), 24), nn.ReLU(), nn.Linear(24, num_queues))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(15):
    for idx in torch.randperm(1000).split(25):
        loss = F.cross_entropy(net(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (net(x_test).argmax(1) == y_test).float().mean()
    print(f"epoch {epoch} loss {loss.item():.4f} test acc {acc:.3f}")
