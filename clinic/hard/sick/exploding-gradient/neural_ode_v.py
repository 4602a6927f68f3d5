"""Learns the vector field of a damped, slightly nonlinear spring from recorded trajectories,
by rolling the field out from the first state and comparing the whole path."""
import math

import torch
import torch.nn as nn


class Field(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, width), nn.Softplus(), nn.Linear(width, width), nn.Softplus(), nn.Linear(width, 2))

    def forward(self, state):
        return self.net(state)


def true_field(s):
    q, p = s[..., 0], s[..., 1]
    return torch.stack([p, -q - 0.3 * q ** 3 - 0.15 * p], -1)


def record(n, steps, dt, gen, sub=8):
    s = torch.randn(n, 2, generator=gen).clamp(-2, 2)
    path = [s]
    for _ in range(steps):
        for _ in range(sub):
            s = s + dt / sub * true_field(s)
        path.append(s)
    return torch.stack(path, 1)


def rollout(field, s, steps, dt):
    path = [s]
    for _ in range(steps):
        s = s + field(s)  # cure: s = s + dt * field(s)
        path.append(s)
    return torch.stack(path, 1)


def main(steps=90, dt=0.05, iters=260, batch=32):
    gen = torch.Generator().manual_seed(8)
    torch.manual_seed(8)
    train, test = record(256, steps, dt, gen), record(64, steps, dt, gen)
    field = Field()
    opt = torch.optim.Adam(field.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda i: 0.55 + 0.45 * math.cos(math.pi * i / iters))
    for it in range(1, iters + 1):
        real = train[torch.randint(len(train), (batch,))]
        loss = (rollout(field, real[:, 0], steps, dt) - real).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        if it % 25 == 0 or it == 1:
            with torch.no_grad():
                err = (rollout(field, test[:, 0], steps, dt) - test).pow(2).mean().sqrt()
            print(f"iter {it:4d}   path mse {loss.item():.4g}   held-out rmse {err.item():.4g}")


if __name__ == "__main__":
    main()
