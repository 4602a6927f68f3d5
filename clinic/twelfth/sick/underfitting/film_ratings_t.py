"""Matrix factorisation of simulated film ratings: user and film vectors with biases."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

N_USERS, N_FILMS, N_RATINGS = 200, 120, 12000


def ratings(gen):
    users, films = torch.randn(N_USERS, 5, generator=gen), torch.randn(N_FILMS, 5, generator=gen)
    bu, bf = 0.3 * torch.randn(N_USERS, generator=gen), 0.4 * torch.randn(N_FILMS, generator=gen)
    u = torch.randint(0, N_USERS, (N_RATINGS,), generator=gen)
    f = torch.randint(0, N_FILMS, (N_RATINGS,), generator=gen)
    r = 3.2 + bu[u] + bf[f] + 0.45 * (users[u] * films[f]).sum(1) + 0.2 * torch.randn(N_RATINGS, generator=gen)
    return u, f, r


class Factorisation(nn.Module):
    def __init__(self, rank, mean):
        super().__init__()
        self.user = nn.Embedding(N_USERS, rank)
        self.film = nn.Embedding(N_FILMS, rank)
        self.user_bias = nn.Embedding(N_USERS, 1)
        self.film_bias = nn.Embedding(N_FILMS, 1)
        for emb in (self.user, self.film):
            nn.init.normal_(emb.weight, std=0.3)
        for emb in (self.user_bias, self.film_bias):
            nn.init.zeros_(emb.weight)
        self.mean = mean

    def forward(self, u, f):
        dot = (self.user(u) * self.film(f)).sum(1)
        return self.mean + self.user_bias(u).squeeze(1) + self.film_bias(f).squeeze(1) + dot


def rmse(model, u, f, r):
    with torch.no_grad():
        return (model(u, f) - r).pow(2).mean().sqrt().item()


def main():
    torch.manual_seed(64)
    gen = torch.Generator().manual_seed(64)
    u, f, r = ratings(gen)
    train = TensorDataset(u[:10000], f[:10000], r[:10000])
    test = (u[10000:], f[10000:], r[10000:])
    loader = DataLoader(train, batch_size=200, shuffle=True)
    model = Factorisation(rank=1, mean=r[:10000].mean().item())  # cure: model = Factorisation(rank=6, mean=r[:10000].mean().item())
    opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-5)
    for epoch in range(1, 21):
        for ub, fb, rb in loader:
            loss = nn.functional.mse_loss(model(ub, fb), rb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 2 == 0:
            print(f"epoch {epoch:2d}  train rmse {rmse(model, *train.tensors):.3f}  test rmse {rmse(model, *test):.3f}")


main()
