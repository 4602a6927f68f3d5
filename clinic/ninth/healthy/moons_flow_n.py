"""RealNVP on the two moons: exact negative log-likelihood per point."""
from dataclasses import dataclass
import torch
from torch import nn
from sklearn.datasets import make_moons


@dataclass
class HP:
    layers: int = 6
    hidden: int = 48
    lr: float = 3e-3
    epochs: int = 14
    noise: float = 0.12


class Coupling(nn.Module):
    def __init__(self, mask, hidden):
        super().__init__()
        self.register_buffer("mask", mask)
        self.net = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 4))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        s, t = self.net(x * self.mask).chunk(2, 1)
        s, t = torch.tanh(s) * 2 * (1 - self.mask), t * (1 - self.mask)
        return x * s.exp() + t, s.sum(1)


class Flow(nn.Module):
    def __init__(self, hp):
        super().__init__()
        self.steps = nn.ModuleList(Coupling(torch.tensor([1.0, 0.0] if k % 2 else [0.0, 1.0]), hp.hidden) for k in range(hp.layers))

    def nll(self, x):
        logdet = torch.zeros(len(x))
        for s in self.steps:
            x, d = s(x)
            logdet = logdet + d
        return 0.5 * x.square().sum(1) + 1.8379 - logdet


def main(hp=HP()):
    torch.manual_seed(9)
    x = torch.tensor(make_moons(2000, noise=hp.noise, random_state=0)[0], dtype=torch.float32)
    v = torch.tensor(make_moons(600, noise=hp.noise, random_state=1)[0], dtype=torch.float32)
    m, s = x.mean(0), x.std(0)
    x, v = (x - m) / s, (v - m) / s
    flow = Flow(hp)
    opt = torch.optim.Adam(flow.parameters(), lr=hp.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, hp.epochs, eta_min=hp.lr / 10)
    for epoch in range(hp.epochs):
        tot = 0.0
        for idx in torch.randperm(len(x)).split(50):
            loss = flow.nll(x[idx]).mean()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            opt.step()
            tot += loss.item() * len(idx) / len(x)
        sched.step()
        with torch.no_grad():
            print(f"epoch {epoch:2d} train nll {tot:+.3f} valid nll {flow.nll(v).mean().item():+.3f} (Gaussian: +2.8)")


main()
