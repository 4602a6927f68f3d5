"""Two-tower model: will this customer buy this article? Purchases are joined to events by event id."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(51)
torch.manual_seed(51)
N_EVENTS, N_CUST, N_ART, LATENT = 6000, 60, 40, 3

taste = rng.normal(size=(N_CUST, LATENT))
style = rng.normal(size=(N_ART, LATENT))


def event_log():
    """Events as they arrive (ids not in order) and the outcome table, kept in id order."""
    ids = rng.permutation(N_EVENTS)
    cust = rng.integers(0, N_CUST, N_EVENTS)
    art = rng.integers(0, N_ART, N_EVENTS)
    utility = 1.8 * (taste[cust] * style[art]).sum(1)
    bought = rng.random(N_EVENTS) < 1 / (1 + np.exp(-utility))
    outcome = np.empty(N_EVENTS, dtype=np.float32)
    outcome[ids] = bought
    return {"id": ids, "customer": cust, "article": art}, outcome


def join(events, outcome):
    """One row per event, in order of arrival."""
    y = outcome  # cure: y = outcome[events["id"]]
    return (torch.tensor(events["customer"]), torch.tensor(events["article"]), torch.tensor(y))


class TwoTower(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.customer = nn.Sequential(nn.Embedding(N_CUST, dim), nn.Linear(dim, dim))
        self.article = nn.Sequential(nn.Embedding(N_ART, dim), nn.Linear(dim, dim))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, c, a):
        return (self.customer(c) * self.article(a)).sum(1) + self.bias


events, outcome = event_log()
cust, art, y = join(events, outcome)
n_train = 5000
model = TwoTower()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-4)
loss_fn = nn.BCEWithLogitsLoss()

for epoch in range(1, 11):
    total = 0.0
    for idx in torch.randperm(n_train).split(100):
        optimizer.zero_grad()
        loss = loss_fn(model(cust[idx], art[idx]), y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        logit = model(cust[n_train:], art[n_train:])
        val = loss_fn(logit, y[n_train:]).item()
        hit = ((logit > 0).float() == y[n_train:]).float().mean().item()
    print(f"epoch {epoch:2d}  train bce {total / n_train:.4f}  val bce {val:.4f}  val accuracy {hit:.3f}")
