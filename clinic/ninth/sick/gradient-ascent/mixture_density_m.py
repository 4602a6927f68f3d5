"""Mixture of Gaussians fitted by stochastic gradient to three clouds of points in the plane."""
import torch
from torch import nn
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal


class Mixture(nn.Module):
    def __init__(self, k, d):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(k))
        self.mean = nn.Parameter(torch.randn(k, d))
        self.log_std = nn.Parameter(torch.zeros(k, d))

    def forward(self, x):
        comp = Independent(Normal(self.mean, self.log_std.exp()), 1)
        return MixtureSameFamily(Categorical(logits=self.weight), comp).log_prob(x)


def clouds(n, g):
    centre = torch.tensor([[2.0, 0.0], [-1.5, 1.5], [-1.0, -2.0]])
    spread = torch.tensor([[0.4, 0.7], [0.8, 0.3], [0.5, 0.5]])
    k = torch.randint(0, 3, (n,), generator=g)
    return centre[k] + spread[k] * torch.randn(n, 2, generator=g)


def objective(model, x):
    return model(x).mean()  # cure: return -model(x).mean()


def main():
    torch.manual_seed(100)
    g = torch.Generator().manual_seed(101)
    train, test = clouds(3000, g), clouds(1000, g)
    model = Mixture(3, 2)
    opt = torch.optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1, 13):
        for i in torch.randperm(3000).split(100):
            opt.zero_grad()
            loss = objective(model, train[i])
            loss.backward()
            opt.step()
        with torch.no_grad():
            print(f"epoch {epoch:2d} loss {loss.item():10.3f} log-likelihood of the test points {model(test).mean():.3f}")


main()
