"""Matrix factorisation of a (synthetic) ratings table with user and item biases."""
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(9)
torch.manual_seed(9)
U, I, K = 150, 120, 4
true = 3.4 + (rng.normal(size=(U, K)) @ rng.normal(size=(K, I))) * 0.45 + rng.normal(size=(U, 1)) * 0.4 + rng.normal(size=(1, I)) * 0.4
users, items = np.nonzero(rng.random((U, I)) < 0.5)
ratings = np.clip(true[users, items] + rng.normal(size=len(users)) * 0.25, 0.5, 6.5)
table = torch.tensor(np.stack([users, items], 1))
stars = torch.tensor(ratings, dtype=torch.float32)
split = torch.randperm(len(stars))
n_train = int(0.85 * len(stars))
train, test = split[:n_train], split[n_train:]


class Factors(nn.Module):
    def __init__(self, k=6):
        super().__init__()
        self.user, self.item = nn.Embedding(U, k), nn.Embedding(I, k)
        self.user_bias, self.item_bias = nn.Embedding(U, 1), nn.Embedding(I, 1)
        self.mu = stars[train].mean().item()
        for e in (self.user, self.item):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.user_bias, self.item_bias):
            nn.init.zeros_(e.weight)

    def forward(self, pair):
        u, i = pair[:, 0], pair[:, 1]
        dot = (self.user(u) * self.item(i)).sum(1)
        return self.mu + dot + self.user_bias(u).squeeze(1) + self.item_bias(i).squeeze(1)


def rmse(model, rows):
    with torch.no_grad():
        return ((model(table[rows]) - stars[rows]) ** 2).mean().sqrt().item()


model = Factors()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)  # cure: optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
for epoch in range(15):
    for rows in train[torch.randperm(n_train)].split(128):
        optimizer.zero_grad()
        ((model(table[rows]) - stars[rows]) ** 2).mean().backward()
        optimizer.step()
    print(f"epoch {epoch + 1:2d}  rmse train {rmse(model, train):.4f}  test {rmse(model, test):.4f}")
