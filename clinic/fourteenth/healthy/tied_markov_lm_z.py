"""A language model with tied input and output embeddings on a random second-order chain (the best loss is its entropy)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
V = 10
table = torch.softmax(2.5 * torch.randn(V, V, V), -1)


def text(n, length=20):
    s = torch.randint(0, V, (n, 2))
    entropy = 0.0
    for _ in range(length):
        p = table[s[:, -2], s[:, -1]]
        entropy += -(p * p.log()).sum(1).mean().item() / length
        s = torch.cat([s, torch.multinomial(p, 1)], 1)
    return s, entropy


class LM(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.embed = nn.Embedding(V, d)
        self.gru = nn.GRU(d, d, batch_first=True)
        self.out = nn.Linear(d, V)
        self.out.weight = self.embed.weight
        nn.init.normal_(self.embed.weight, std=0.3)

    def forward(self, s):
        return self.out(self.gru(self.embed(s))[0])


train, _ = text(6000)
test, best = text(1000)
lm = LM()
opt = torch.optim.Adam(lm.parameters(), lr=4e-3)
for epoch in range(8):
    total = 0.0
    for s in train[torch.randperm(len(train))].split(60):
        loss = F.cross_entropy(lm(s[:, :-1])[:, 1:].flatten(0, 1), s[:, 2:].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 100
    for group in opt.param_groups:
        group["lr"] *= 0.7
    with torch.no_grad():
        valid = F.cross_entropy(lm(test[:, :-1])[:, 1:].flatten(0, 1), test[:, 2:].flatten())
    print(f"epoch {epoch}: train {total:.3f} test {valid:.3f} entropy of the source {best:.3f}")
