"""Mixture density network for an S-shaped, many-valued relation; the log likelihood is maximised."""
import math
import torch
from torch import nn

K = 5


class MDN(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, 40), nn.Tanh(), nn.Linear(40, 40), nn.Tanh())
        self.pi, self.mu, self.log_sigma = nn.Linear(40, K), nn.Linear(40, K), nn.Linear(40, K)
        with torch.no_grad():
            self.mu.bias.copy_(torch.linspace(-1.5, 1.5, K))

    def log_prob(self, x, y):
        h = self.trunk(x)
        log_pi, mu, ls = self.pi(h).log_softmax(1), self.mu(h), self.log_sigma(h).clamp(-5, 3)
        comp = -0.5 * ((y - mu) / ls.exp()) ** 2 - ls - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(log_pi + comp, 1)


def s_curve(n):
    y = torch.rand(n, 1) * 4 - 2
    x = 0.6 * y + torch.sin(2.5 * y) + 0.08 * torch.randn(n, 1)
    return x, y


torch.manual_seed(70)
x, y = s_curve(2000)
xv, yv = s_curve(500)
net = MDN()
opt = torch.optim.Adam(net.parameters(), lr=2e-3, maximize=True)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 24)
for epoch in range(1, 25):
    for i in torch.randperm(2000).split(50):
        objective = net.log_prob(x[i], y[i]).mean()
        opt.zero_grad()
        objective.backward()
        opt.step()
    sched.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  log likelihood: train {net.log_prob(x, y).mean().item():+.3f}  held out {net.log_prob(xv, yv).mean().item():+.3f}")
