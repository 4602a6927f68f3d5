"""Inverse dynamics of a two-joint arm: batch-normalised MLP, gradients of several small pieces added up per step."""
from dataclasses import dataclass
import torch
from torch import nn


@dataclass
class Plan:
    batch: int = 32
    pieces: int = 16  # cure: pieces: int = 1
    epochs: int = 6
    lr: float = 3e-3
    seed: int = 65


def arm(n, gen):
    """Angles, velocities and accelerations of both joints -> torque on the first."""
    s = torch.randn(n, 6, generator=gen)
    q2, d1, d2, a1, a2 = s[:, 1], s[:, 2], s[:, 3], s[:, 4], s[:, 5]
    tau = (2 + torch.cos(q2)) * a1 + (0.7 + 0.5 * torch.cos(q2)) * a2 - torch.sin(q2) * (d1 * d2 + 0.5 * d2 ** 2)
    tau = tau + 1.5 * torch.cos(s[:, 0]) + 0.1 * torch.randn(n, generator=gen)
    return s, tau


class Dynamics(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.l1, self.n1 = nn.Linear(6, width), nn.BatchNorm1d(width)
        self.l2, self.n2 = nn.Linear(width, width), nn.BatchNorm1d(width)
        self.out = nn.Linear(width, 1)

    def forward(self, s):
        h = torch.relu(self.n1(self.l1(s)))
        h = torch.relu(self.n2(self.l2(h)))
        return self.out(h).squeeze(-1)


def step(model, opt, s, tau, pieces):
    opt.zero_grad()
    total = 0.0
    for si, ti in zip(s.chunk(pieces), tau.chunk(pieces)):
        loss = (model(si) - ti).square().mean() / pieces
        loss.backward()
        total += loss.item()
    opt.step()
    return total


def main(plan=Plan()):
    torch.manual_seed(plan.seed)
    gen = torch.Generator().manual_seed(plan.seed)
    s, tau = arm(1920, gen)
    sv, tv = arm(500, gen)
    m, d = tau.mean(), tau.std()
    tau, tv = (tau - m) / d, (tv - m) / d
    model = Dynamics()
    opt = torch.optim.Adam(model.parameters(), lr=plan.lr)
    for epoch in range(plan.epochs):
        model.train()
        losses = [step(model, opt, s[i], tau[i], plan.pieces) for i in torch.randperm(len(s)).split(plan.batch)]
        model.eval()
        with torch.no_grad():
            v = (model(sv) - tv).square().mean().item()
        print(f"epoch {epoch} train mse {sum(losses) / len(losses):.4f} valid mse {v:.4f}")


main()
