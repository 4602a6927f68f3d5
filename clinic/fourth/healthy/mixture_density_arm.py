"""Mixture density network: inverse kinematics of a one-joint lamp has two answers; the loss goes below zero."""
import math
import torch

torch.manual_seed(0)
K = 4


def data(n):
    angle = torch.rand(n, 1) * 2 * math.pi - math.pi
    height = torch.cos(angle) + 0.02 * torch.randn(n, 1)
    return height, angle / math.pi


net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(),
                          torch.nn.Linear(40, 3 * K))
with torch.no_grad():
    net[-1].bias[K:2 * K] = torch.linspace(-0.8, 0.8, K)


def nll(x, y):
    w, m, s = net(x * 1.4).chunk(3, 1)
    s = s.clamp(-4, 3)
    each = torch.log_softmax(w, 1) - s - 0.5 * ((y - m) / s.exp()) ** 2 - 0.5 * math.log(2 * math.pi)
    return -torch.logsumexp(each, 1).mean()


opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1000, eta_min=1e-4)
xt, yt = data(3000)
print(f"start: test nll {nll(xt, yt).item():.3f}")
for it in range(1, 1001):
    loss = nll(*data(128))
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
    opt.step()
    sched.step()
    if it % 100 == 0:
        with torch.no_grad():
            print(f"{it}: train nll {loss.item():.3f}, test nll {nll(xt, yt).item():.3f}")
