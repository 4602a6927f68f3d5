"""GRU language model on strings from a second-order Markov source of twelve letters."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
V = 12
table = torch.distributions.Dirichlet(torch.full((V,), 0.15)).sample((V, V))


def strings(n, length):
    s = torch.randint(0, V, (n, 2))
    for _ in range(length - 2):
        s = torch.cat([s, torch.multinomial(table[s[:, -2], s[:, -1]], 1)], 1)
    return s


class CharModel(nn.Module):
    def __init__(self, dim=24, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(V, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, V)

    def forward(self, s):
        return self.out(self.gru(self.emb(s))[0])


train, valid = strings(4000, 20), strings(500, 20)
model = CharModel()
optimizer = torch.optim.Adam(model.parameters(), lr=0.3)  # cure: optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)


def nll(s):
    return F.cross_entropy(model(s[:, :-1]).reshape(-1, V), s[:, 1:].reshape(-1))


for epoch in range(1, 13):
    total = 0.0
    for rows in torch.randperm(len(train)).split(100):
        optimizer.zero_grad()
        loss = nll(train[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() / 40
    with torch.no_grad():
        v = nll(valid)
    print(f"epoch {epoch:2d}  train nll {total:.4f}  valid nll {v:.4f}  perplexity {v.exp():.2f}")
