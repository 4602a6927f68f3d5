"""Predict the yield of a wafer from ten process settings (Friedman's function) with a deep ReLU network."""
import torch
from sklearn.datasets import make_friedman1
from torch import nn


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        self.criterion = nn.MSELoss()

    def fit(self, x, y, xv, yv, epochs, bs=50):
        for ep in range(epochs):
            run = 0.0
            for idx in torch.randperm(len(x)).split(bs):
                loss = self.criterion(self.model(x[idx]).squeeze(-1), y[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                run += loss.item() * len(idx)
            print(f"epoch {ep + 1:02d} mse {run / len(x):.4f} valid R2 {self.r2(xv, yv):.4f}")

    @torch.no_grad()
    def r2(self, x, y):
        return 1 - ((self.model(x).squeeze(-1) - y) ** 2).sum().item() / ((y - y.mean()) ** 2).sum().item()


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, std=0.01)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


def mlp(sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


if __name__ == "__main__":
    torch.manual_seed(17)
    x, y = make_friedman1(3000, n_features=10, noise=0.5, random_state=17)
    x = torch.tensor((x - 0.5) * 12 ** 0.5).float()
    y = torch.tensor((y - y.mean()) / y.std()).float()
    model = mlp([10, 64, 64, 64, 64, 64, 1])
    model.apply(init_weights)
    Trainer(model, lr=0.01).fit(x[:2400], y[:2400], x[2400:], y[2400:], epochs=15)
