"""Mixture density network for a curve with two branches (the mean would be useless); Gumbel-free, plain likelihood."""
import math
import torch
import torch.nn as nn


class MDN(nn.Module):
    def __init__(self, k=3, hidden=48):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(1, hidden), nn.Softplus(), nn.Linear(hidden, hidden), nn.Softplus())
        self.mix, self.mu, self.logsd = nn.Linear(hidden, k), nn.Linear(hidden, k), nn.Linear(hidden, k)

    def log_prob(self, x, y):
        h = self.trunk(x)
        comp = -0.5 * ((y - self.mu(h)) / self.logsd(h).exp()) ** 2 - self.logsd(h) - 0.5 * math.log(2 * math.pi)
        return torch.logsumexp(torch.log_softmax(self.mix(h), 1) + comp, 1)


def branches(n):
    x = 2 * torch.rand(n, 1) - 1
    sign = torch.where(torch.rand(n, 1) < 0.6, 1.0, -1.0)
    return x * 1.73, sign * (0.6 + 0.4 * torch.sin(3 * x)) + 0.1 * torch.randn(n, 1)


def truth(x, y):
    m = 0.6 + 0.4 * torch.sin(3 * x / 1.73)
    n = lambda c: -0.5 * ((y - c) / 0.1) ** 2 - math.log(0.1) - 0.5 * math.log(2 * math.pi)
    return torch.logsumexp(torch.cat([math.log(0.6) + n(m), math.log(0.4) + n(-m)], 1), 1).mean().item()


if __name__ == "__main__":
    torch.manual_seed(14)
    x, y = branches(3000)
    xv, yv = branches(1000)
    net = MDN()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30, eta_min=5e-4)
    for epoch in range(30):
        total = 0.0
        for i in torch.randperm(3000).split(100):
            loss = -net.log_prob(x[i], y[i]).mean()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            total += loss.item() / 30
        sched.step()
        if epoch % 3 == 2:
            with torch.no_grad():
                print(f"epoch {epoch + 1} nll {total:.3f} valid {-net.log_prob(xv, yv).mean().item():.3f} (process itself {-truth(xv, yv):.3f})")
