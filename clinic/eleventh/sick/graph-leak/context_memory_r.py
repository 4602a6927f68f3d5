"""Word-topic model with a slowly moving global context: each batch is classified with the running mean of embeddings."""
import time

import torch
from torch import nn

torch.manual_seed(18)
VOCAB, TOPICS, LENGTH = 200, 5, 12
topic_words = torch.distributions.Dirichlet(torch.full((VOCAB,), 0.15)).sample((TOPICS,))


def documents(n):
    topic = torch.randint(TOPICS, (n,))
    return torch.multinomial(topic_words[topic], LENGTH, replacement=True), topic


class ContextModel(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, dim)
        self.context = torch.zeros(dim)
        self.head = nn.Sequential(nn.Linear(dim, 48), nn.ReLU(), nn.Linear(48, TOPICS))

    def forward(self, words):
        doc = self.embed(words).mean(1)
        self.context = 0.9 * self.context + 0.1 * doc.mean(0)  # cure: self.context = 0.9 * self.context.detach() + 0.1 * doc.mean(0)
        return self.head(doc - self.context)


model = ContextModel()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
test_words, test_topic = documents(500)
hits, seen, start = 0, 0, time.perf_counter()
for step in range(1, 201):
    words, topic = documents(64)
    logits = model(words)
    loss = nn.functional.cross_entropy(logits, topic)
    opt.zero_grad()
    loss.backward(retain_graph=True)
    opt.step()
    hits += (logits.argmax(1) == topic).sum().item()
    seen += len(topic)
    if step % 40 == 0:
        ms = (time.perf_counter() - start) * 1000 / 40
        print(f"step {step:4d} loss {loss.item():.4f} acc {hits / seen:.3f} ({ms:.1f} ms per step)")
        hits, seen, start = 0, 0, time.perf_counter()
with torch.no_grad():
    print(f"test accuracy {(model(test_words).argmax(1) == test_topic).float().mean().item():.3f}")
