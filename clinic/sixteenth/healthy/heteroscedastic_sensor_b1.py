# Mean and variance of a sensor's error: Gaussian negative log-likelihood (below zero for a good model).
import torch
from torch import nn

torch.manual_seed(1)


def readings(n):
    temperature = 4 * torch.rand(n, 1) - 2
    sigma = 0.05 + 0.15 * torch.sigmoid(3 * temperature)
    return temperature, torch.sin(2 * temperature) * 0.5 + sigma * torch.randn(n, 1)


class Calibrator(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.mean, self.log_var = nn.Linear(40, 1), nn.Linear(40, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.mean(h), self.log_var(h).exp()


x, y = readings(3000)
xv, yv = readings(800)
net, nll = Calibrator(), nn.GaussianNLLLoss()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 25)
for epoch in range(25):
    total = 0.0
    for idx in torch.randperm(3000).split(60):
        mu, var = net(x[idx])
        loss = nll(mu, y[idx], var)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    sched.step()
    with torch.no_grad():
        mu, var = net(xv)
        inside = ((yv - mu).abs() < 1.96 * var.sqrt()).float().mean()
    print(f"epoch {epoch + 1:2d} nll {total:+.4f} valid {nll(mu, yv, var).item():+.4f} inside the 95% band {inside:.3f}")
