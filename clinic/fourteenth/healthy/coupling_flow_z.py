"""Density of a narrow banana in the plane by affine coupling layers (log-densities may well be positive)."""
import math
import torch
import torch.nn as nn

torch.manual_seed(0)


def banana(n):
    a = 0.3 * torch.randn(n)
    return torch.stack([a, 2 * a ** 2 + 0.05 * torch.randn(n) - 0.18], 1)


class Coupling(nn.Module):
    def __init__(self, flip):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(1, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
        nn.init.zeros_(self.net[-1].weight)  # starts as the identity
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x):
        a, b = x.flip(1).split(1, 1) if self.flip else x.split(1, 1)
        shift, log_scale = self.net(a).split(1, 1)
        log_scale = 3 * torch.tanh(log_scale / 3)
        z = torch.cat([a, (b - shift) * torch.exp(log_scale)], 1)
        return (z.flip(1) if self.flip else z), log_scale.squeeze(1)


layers = nn.ModuleList(Coupling(i % 2 == 1) for i in range(4))
opt = torch.optim.Adam(layers.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1500, eta_min=1e-4)


def nll(x):
    logdet = torch.zeros(len(x))
    for layer in layers:
        x, d = layer(x)
        logdet = logdet + d
    return (0.5 * x.square().sum(1) + math.log(2 * math.pi) - logdet).mean()


test = banana(2000)
for step in range(1, 1501):
    loss = nll(banana(128))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(layers.parameters(), 5.0)
    opt.step()
    sched.step()
    if step % 150 == 0:
        with torch.no_grad():
            print(f"step {step}: train nll {loss.item():+.3f}, test nll {nll(test).item():+.3f}")
