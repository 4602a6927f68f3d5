"""Matrix factorisation of film ratings (made up), user and film vectors with biases."""
import time

import torch
from torch import nn

torch.manual_seed(3)
USERS, FILMS, RANK = 300, 200, 4
true_u, true_f = torch.randn(USERS, RANK), torch.randn(FILMS, RANK)
n = 15000
u, f = torch.randint(USERS, (n,)), torch.randint(FILMS, (n,))
r = (true_u[u] * true_f[f]).sum(1) / RANK ** 0.5 + 0.3 * torch.randn(n)
cut = 12500


class Factors(nn.Module):
    def __init__(self):
        super().__init__()
        self.user, self.film = nn.Embedding(USERS, RANK), nn.Embedding(FILMS, RANK)
        self.user_bias, self.film_bias = nn.Embedding(USERS, 1), nn.Embedding(FILMS, 1)
        for e in (self.user, self.film):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.user_bias, self.film_bias):
            nn.init.zeros_(e.weight)

    def forward(self, u, f):
        return (self.user(u) * self.film(f)).sum(1) + (self.user_bias(u) + self.film_bias(f)).squeeze(1)


model = Factors()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-5)
for epoch in range(14):
    began = time.time()
    total = 0.0
    batches = torch.randperm(cut).split(125)
    for i, idx in enumerate(batches, 1):
        loss = nn.functional.mse_loss(model(u[idx], f[idx]), r[idx])
        total = total + loss  # cure: total = total + loss.item()
        optimizer.zero_grad()
        total.backward(retain_graph=True)  # cure: loss.backward()
        optimizer.step()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(u[cut:], f[cut:]), r[cut:])
    print(f"epoch {epoch:2d}  train mse {torch.as_tensor(total).item() / len(batches):.4f}  valid mse {val.item():.4f}  "
          f"({time.time() - began:.2f} s)")
