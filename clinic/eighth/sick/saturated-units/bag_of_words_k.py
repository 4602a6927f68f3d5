"""Bag-of-embeddings text classifier on generated documents with six topics."""
import torch
from torch import nn

torch.manual_seed(0)
VOCAB, WORDS, TOPICS = 300, 200, 6
topic_logits = 0.25 * torch.randn(TOPICS, VOCAB)


def documents(n):
    y = torch.randint(0, TOPICS, (n,))
    return torch.multinomial(topic_logits.softmax(1)[y], WORDS, replacement=True), y


class TopicNet(nn.Module):
    def __init__(self, dim=24, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, dim)
        self.hidden = nn.Linear(dim, hidden)
        self.out = nn.Linear(hidden, TOPICS)

    def forward(self, words):
        doc = self.emb(words).sum(dim=1)  # cure: doc = self.emb(words).mean(dim=1)
        return self.out(torch.tanh(self.hidden(doc)))


train_x, train_y = documents(3000)
test_x, test_y = documents(1000)
net = TopicNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(4):
    total = 0.0
    for idx in torch.randperm(3000).split(50):
        loss = nn.functional.cross_entropy(net(train_x[idx]), train_y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 60
    with torch.no_grad():
        acc = (net(test_x).argmax(1) == test_y).float().mean()
    print(f"epoch {epoch + 1} loss {total:.4f} test acc {acc:.3f}")
