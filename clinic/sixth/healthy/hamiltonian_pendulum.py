"""Hamiltonian network: learn the energy of a pendulum from (q, p) and their time derivatives, then integrate it."""
import torch
from torch import nn


class Energy(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(3, h), nn.Softplus(), nn.Linear(h, h), nn.Softplus(), nn.Linear(h, 1))

    def forward(self, s):
        q, p = s[:, :1], s[:, 1:]
        return self.f(torch.cat([q.sin(), q.cos(), p], 1))


def field(energy, s):
    with torch.enable_grad():
        s = s.detach().requires_grad_(True)
        g, = torch.autograd.grad(energy(s).sum(), s, create_graph=energy.training)
    return torch.stack([g[:, 1], -g[:, 0]], 1)


def truth(s):
    return torch.stack([s[:, 1], -2 * s[:, 0].sin()], 1)


def rollout(f, s, steps=100, dt=0.05):
    path = [s]
    for _ in range(steps):
        mid = s + dt / 2 * f(s)
        s = (s + dt * f(mid)).detach()
        path.append(s)
    return torch.stack(path)


torch.manual_seed(0)
s = (torch.rand(1500, 2) * 2 - 1) * torch.tensor([3.0, 2.5])
ds = truth(s) + 0.05 * torch.randn(1500, 2)
model = Energy()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 6e-3, total_steps=25 * 30)
start = torch.tensor([[1.0, 0.0], [2.0, 0.5], [-1.5, 1.0]])
ref = rollout(truth, start)
for epoch in range(25):
    model.train()
    total = 0.0
    for i in torch.randperm(1500).split(50):
        loss = (field(model, s[i]) - ds[i]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / 30
    if epoch % 4 == 0:
        model.eval()
        err = (rollout(lambda v: field(model, v), start) - ref).norm(dim=-1).mean().item()
        print(f"epoch {epoch:2d}: derivative mse {total:.4f} (noise 0.0025), path error over 5 s {err:.4f}")
