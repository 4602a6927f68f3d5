"""Coupling flow for two moons, rescaled to millimetres; the log-density is large, so its negative goes below zero."""
import torch
from sklearn.datasets import make_moons
from torch import nn

torch.manual_seed(0)
moons = torch.tensor(make_moons(6000, noise=0.07, random_state=0)[0], dtype=torch.float32)
moons = (moons - moons.mean(0)) / moons.std(0)
train, valid = moons[:4800], moons[4800:]
SCALE = 0.05  # the likelihood is reported for data in units of 5 cm


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, x):
        a, b = x.chunk(2, 1)
        if self.flip:
            a, b = b, a
        s, t = self.net(a).chunk(2, 1)
        s = 1.5 * torch.tanh(s)
        b = b * s.exp() + t
        return torch.cat((b, a) if self.flip else (a, b), 1), s.squeeze(1)


flow = nn.ModuleList(Coupling(k % 2 == 1) for k in range(6))
base = torch.distributions.Normal(0.0, 1.0)


def nll(x):
    logdet = torch.zeros(len(x))
    for layer in flow:
        x, s = layer(x)
        logdet = logdet + s
    return -(base.log_prob(x).sum(1) + logdet).mean() + 2 * torch.tensor(SCALE).log()


opt = torch.optim.Adam(flow.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 24)
for epoch in range(24):
    total = 0.0
    for idx in torch.randperm(len(train)).split(128):
        loss = nll(train[idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
        opt.step()
        total += loss.item() * len(idx) / len(train)
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            print(f"epoch {epoch + 1}: train nll {total:.3f}, valid nll {nll(valid).item():.3f}")
