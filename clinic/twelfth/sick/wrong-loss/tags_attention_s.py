"""Tag short documents with any of six topics (none, one or several) using an attention pooling."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.metrics import f1_score

TOPICS, WORDS, LENGTH = 6, 90, 30


def corpus(n, gen):
    tags = (torch.rand(n, TOPICS, generator=gen) < 0.35).long()
    docs = torch.randint(60, WORDS, (n, LENGTH), generator=gen)
    for t in range(TOPICS):
        own = torch.randint(10 * t, 10 * t + 10, (n, LENGTH), generator=gen)
        hit = (torch.rand(n, LENGTH, generator=gen) < 0.12) & (tags[:, t:t + 1] == 1)
        docs = torch.where(hit, own, docs)
    return docs, tags.float()


class Tagger(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.embed = nn.Embedding(WORDS, dim)
        self.queries = nn.Parameter(torch.randn(TOPICS, dim) * 0.1)
        self.key = nn.Linear(dim, dim)
        self.score = nn.Parameter(torch.randn(TOPICS, dim) * 0.1)
        self.bias = nn.Parameter(torch.zeros(TOPICS))

    def forward(self, docs):
        e = self.embed(docs)
        weight = torch.softmax(self.queries @ self.key(e).transpose(1, 2), -1)
        return ((weight @ e) * self.score).sum(-1) + self.bias


def evaluate(model, docs, tags):
    with torch.no_grad():
        guess = (torch.sigmoid(model(docs)) > 0.5).float()
    exact = (guess == tags).all(1).float().mean().item()
    return f1_score(tags.numpy(), guess.numpy(), average="macro", zero_division=0), exact


def main():
    gen = torch.Generator().manual_seed(15)
    torch.manual_seed(15)
    docs, tags = corpus(2400, gen)
    test = corpus(600, gen)
    model = Tagger()
    opt = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=1e-2)
    for epoch in range(10):
        total = 0.0
        for idx in torch.randperm(len(docs)).split(48):
            loss = F.cross_entropy(model(docs[idx]), tags[idx])  # cure: loss = F.binary_cross_entropy_with_logits(model(docs[idx]), tags[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 50
        f1, exact = evaluate(model, *test)
        print(f"epoch {epoch + 1:2d}: loss {total:.4f}  test F1 {f1:.3f}  all tags right {exact:.3f}")


main()
