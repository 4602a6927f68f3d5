"""Topic classification of synthetic documents: averaged word embeddings and a small classifier."""
import random
import torch
from torch import nn, optim

random.seed(0)
torch.manual_seed(0)
VOCAB, TOPICS, DIM, WORDS = 400, 8, 4, 30
topic_words = [random.sample(range(VOCAB), 40) for _ in range(TOPICS)]


def document(topic):
    return [random.choice(topic_words[topic]) if random.random() < 0.45 else random.randrange(VOCAB)
            for _ in range(WORDS)]


labels = [random.randrange(TOPICS) for _ in range(3000)]
docs = torch.tensor([document(t) for t in labels])
labels = torch.tensor(labels)
train_x, train_y, test_x, test_y = docs[:2400], labels[:2400], docs[2400:], labels[2400:]


class BagOfWords(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCAB, DIM)
        self.mlp = nn.Sequential(nn.Linear(DIM, 32), nn.ReLU(), nn.Linear(32, TOPICS))

    @torch.no_grad()  # cure: delete
    def embed(self, docs):
        return self.words(docs).mean(1) * WORDS ** 0.5

    def forward(self, docs):
        return self.mlp(self.embed(docs))


model = BagOfWords()
optimizer = optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(12):
    order = torch.randperm(len(train_x))
    for i in range(0, len(order), 50):
        batch = order[i:i + 50]
        optimizer.zero_grad()
        loss = criterion(model(train_x[batch]), train_y[batch])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        out = model(test_x)
        print("epoch", epoch, "train loss", round(loss.item(), 3), "test loss", round(criterion(out, test_y).item(), 3),
              "test acc", round((out.argmax(1) == test_y).float().mean().item(), 3))
