"""Topic classifier over a vocabulary that grows while it trains: after some epochs new words join."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(8)
TOPICS, OLD, NEW, LENGTH = 8, 400, 460, 14
word_topics = torch.distributions.Dirichlet(torch.full((TOPICS,), 0.15)).sample((NEW,))


def documents(n, words):
    topic = torch.randint(0, TOPICS, (n,))
    p = (word_topics[:words] + 0.02).T[topic]
    return torch.multinomial(p, LENGTH, replacement=True), topic


class TopicModel(nn.Module):
    def __init__(self, words, dim=32):
        super().__init__()
        self.words = nn.Embedding(words, dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, TOPICS))

    def forward(self, ids):
        return self.mlp(self.words(ids).mean(1) * LENGTH ** 0.5)

    def grow(self, words):
        fresh = nn.Embedding(words, self.words.embedding_dim)
        # cure: fresh.weight.data[:self.words.num_embeddings] = self.words.weight.data
        self.words = fresh


def main():
    model = TopicModel(OLD)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    words = OLD
    for epoch in range(1, 31):
        if epoch == 19:
            words = NEW
            model.grow(words)
            optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
        model.train()
        total = 0.0
        for _ in range(40):
            ids, topic = documents(50, words)
            loss = F.cross_entropy(model(ids), topic)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() / 40
        model.eval()
        with torch.no_grad():
            ids, topic = documents(1000, words)
            out = model(ids)
        print(f"epoch {epoch:2d} ({words} words)  loss {total:.3f}  fresh documents: loss {F.cross_entropy(out, topic):.3f}"
              f" accuracy {(out.argmax(1) == topic).float().mean():.3f}")


if __name__ == "__main__":
    main()
