"""Semi-supervised node classification: 40 of 400 papers are labelled, the others carry -100 (ignored by the loss)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

UNKNOWN = -100
N, AREAS, TERMS = 400, 4, 40


def library(seed):
    g = torch.Generator().manual_seed(seed)
    area = torch.arange(N) % AREAS
    same = area[:, None] == area[None]
    links = (torch.rand(N, N, generator=g) < torch.where(same, 0.05, 0.006)).float().triu(1)
    links = links + links.T
    topic = torch.rand(AREAS, TERMS, generator=g) * 0.3
    terms = (torch.rand(N, TERMS, generator=g) < topic[area]).float()
    return links, (terms - terms.mean(0)) / (terms.std(0) + 1e-6), area


class SageLayer(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.own, self.around = nn.Linear(n_in, n_out), nn.Linear(n_in, n_out, bias=False)

    def forward(self, x, mean_adj):
        return self.own(x) + self.around(mean_adj @ x)


class Sage(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2 = SageLayer(TERMS, 16), SageLayer(16, AREAS)

    def forward(self, x, adj):
        x = F.dropout(x, 0.4, self.training)
        x = F.dropout(F.elu(self.l1(x, adj)), 0.5, self.training)
        return self.l2(x, adj)


torch.manual_seed(18)
links, terms, area = library(18)
adj = links / links.sum(1, keepdim=True).clamp(min=1)
order = torch.randperm(N)
labels = torch.full((N,), UNKNOWN)
labels[order[:40]] = area[order[:40]]
hidden = order[40:]
model = Sage()
opt = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-2)
for epoch in range(1, 101):
    model.train()
    loss = F.cross_entropy(model(terms, adj), labels, ignore_index=UNKNOWN)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        model.eval()
        with torch.no_grad():
            out = model(terms, adj)[hidden]
        acc = (out.argmax(1) == area[hidden]).float().mean().item()
        print(f"epoch {epoch:3d}  loss {loss.item():.3f}  unlabelled papers: loss {F.cross_entropy(out, area[hidden]).item():.3f}  acc {acc:.3f}")
