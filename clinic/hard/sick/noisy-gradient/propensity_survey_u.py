"""Off-policy regression from a biased survey: answers are weighted by the inverse of the chance that
the respondent was asked, so that the fit holds for the whole population."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(31)


def people(n):
    x = torch.randn(n, 6)
    y = torch.sin(1.5 * x[:, 0]) + 0.5 * x[:, 1] * x[:, 2] + 0.3 * x[:, 3]
    return x, y


def survey(n):
    """Keeps drawing until n people have been asked; eager people (large x0 + x1) are asked far more often."""
    x, y = people(12 * n)
    chance = torch.sigmoid(2.5 * (x[:, 0] + x[:, 1]) - 4.0).clamp(min=5e-4)
    asked = torch.rand(len(x)) < chance
    x, y, chance = x[asked][:n], y[asked][:n], chance[asked][:n]
    return x, y + 0.7 * torch.randn(len(x)), chance


class Fit:
    def __init__(self, net, lr):
        self.net, self.opt = net, torch.optim.Adam(net.parameters(), lr=lr)

    def weights(self, chance):
        w = 1.0 / chance  # cure: w = (1.0 / chance).clamp(max=20.0)
        return w / MEAN_WEIGHT

    def step(self, x, y, chance):
        err = (self.net(x).squeeze(1) - y) ** 2
        loss = (self.weights(chance) * err).mean()
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        return loss.item(), err.mean().item()


x, y, chance = survey(3000)
MEAN_WEIGHT = 8.0
xt, yt = people(3000)
loader = DataLoader(TensorDataset(x, y, chance), batch_size=32, shuffle=True)
fit = Fit(nn.Sequential(nn.Linear(6, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1)), 2e-3)
print(f"{len(x)} answers, mean weight {(1 / chance).mean().item():.1f}")
for epoch in range(25):
    stats = torch.tensor([fit.step(*b) for b in loader])
    with torch.no_grad():
        pop = ((fit.net(xt).squeeze(1) - yt) ** 2).mean().item()
    print(f"epoch {epoch:2d} weighted {stats[:, 0].mean():.4f} (sd {stats[:, 0].std():.3f}) plain {stats[:, 1].mean():.4f} population {pop:.4f}")
