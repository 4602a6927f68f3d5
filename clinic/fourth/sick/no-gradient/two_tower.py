"""Two-tower recommender: predict whether a reader finishes an article from reader and article features."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(21)


def tower(n_in, n_out=16):
    return nn.Sequential(nn.Linear(n_in, 64), nn.ReLU(), nn.Linear(64, n_out))


def unit(v):
    return F.normalize(v.data, dim=-1)  # cure: return F.normalize(v, dim=-1)


class TwoTower(nn.Module):
    def __init__(self, reader_dim, article_dim):
        super().__init__()
        self.reader = tower(reader_dim)
        self.article = tower(article_dim)
        self.scale = nn.Parameter(torch.tensor(5.0))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, r, a):
        cosine = (self.reader(r) * unit(self.article(a))).sum(-1)
        return self.scale * cosine + self.bias


def simulate(n_readers=400, n_articles=300, n_events=16000):
    readers, articles = torch.randn(n_readers, 12), torch.randn(n_articles, 10)
    wr, wa = torch.randn(12, 4) / 12 ** 0.5, torch.randn(10, 4) / 10 ** 0.5
    taste, topic = torch.tanh(2 * readers @ wr), torch.sin(2.5 * articles @ wa)
    pairs = torch.randperm(n_readers * n_articles)[:n_events]
    u, i = pairs // n_articles, pairs % n_articles
    affinity = (taste[u] * topic[i]).sum(1)
    clicks = torch.bernoulli(torch.sigmoid(5 * affinity))
    return readers[u], articles[i], clicks


r, a, y = simulate()
cut = 12000
model = TwoTower(12, 10)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
for epoch in range(10):
    order = torch.randperm(cut)
    model.train()
    total = 0.0
    for idx in order.split(128):
        loss = F.binary_cross_entropy_with_logits(model(r[idx], a[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        out = model(r[cut:], a[cut:])
        vl = F.binary_cross_entropy_with_logits(out, y[cut:]).item()
        acc = ((out > 0) == (y[cut:] > 0.5)).float().mean().item()
    print(f"epoch {epoch}: train {total / cut:.4f}  valid {vl:.4f}  valid acc {acc:.3f}")
