"""Film ratings by matrix factorisation: 120 viewers, 80 films, hidden tastes in 5 dimensions."""
import torch
from torch import nn
from torch.nn import functional as F

N_USER, N_FILM, DIM = 120, 80, 5


def ratings():
    g = torch.Generator().manual_seed(77)
    u, v = torch.randn(N_USER, DIM, generator=g), torch.randn(N_FILM, DIM, generator=g)
    full = u @ v.T / DIM ** 0.5 + 0.1 * torch.randn(N_USER, N_FILM, generator=g)
    cell = torch.randperm(N_USER * N_FILM, generator=g)
    who, what = cell // N_FILM, cell % N_FILM
    score = full[who, what]
    cut = int(0.8 * len(cell))
    return (who[:cut], what[:cut], score[:cut]), (who[cut:], what[cut:], score[cut:])


class Factors(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.user = nn.Parameter(torch.full((N_USER, dim), 0.3))  # cure: self.user = nn.Parameter(torch.randn(N_USER, dim) * 0.3)
        self.film = nn.Parameter(torch.full((N_FILM, dim), 0.3))  # cure: self.film = nn.Parameter(torch.randn(N_FILM, dim) * 0.3)
        self.user_bias = nn.Parameter(torch.zeros(N_USER))
        self.film_bias = nn.Parameter(torch.zeros(N_FILM))

    def forward(self, who, what):
        return (self.user[who] * self.film[what]).sum(1) + self.user_bias[who] + self.film_bias[what]


torch.manual_seed(1)
train, test = ratings()
model = Factors(DIM)
optim = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(1, 31):
    for idx in torch.randperm(len(train[0])).split(256):
        who, what, score = (t[idx] for t in train)
        loss = F.mse_loss(model(who, what), score)
        optim.zero_grad()
        loss.backward()
        optim.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            rmse = F.mse_loss(model(*test[:2]), test[2]).sqrt()
        print(f"epoch {epoch}: train rmse {loss.item() ** 0.5:.4f}, test rmse {rmse:.4f}")
