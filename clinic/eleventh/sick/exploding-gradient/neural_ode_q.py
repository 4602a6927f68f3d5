"""Neural ODE for two interleaved half-moons: points are carried from t=0 to t=1 by a learned vector field (Euler)."""
import argparse

import torch
import torch.nn as nn
from sklearn.datasets import make_moons

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--lr", type=float, default=0.004)
parser.add_argument("--dt", type=float, default=None)
args = parser.parse_args()

torch.manual_seed(1)
pts, lab = make_moons(1200, noise=0.12, random_state=1)
pts = torch.tensor((pts - pts.mean(0)) / pts.std(0)).float()
lab = torch.tensor(lab).float()
train, test = slice(0, 900), slice(900, None)


class Field(nn.Module):
    def __init__(self, dim, width=32):
        super().__init__()
        self.a, self.b = nn.Linear(dim + 1, width), nn.Linear(width, dim)

    def forward(self, t, x):
        return self.b(torch.relu(self.a(torch.cat([x, t.expand(len(x), 1)], 1))))


class Flow(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.lift, self.field, self.read = nn.Linear(2, dim), Field(dim), nn.Linear(dim, 1)
        for layer in (self.field.a, self.field.b):
            nn.init.kaiming_normal_(layer.weight)
        self.dt = args.dt or 1.0  # cure: self.dt = args.dt or 1.0 / args.steps

    def forward(self, x):
        x = self.lift(x)
        for k in range(args.steps):
            x = x + self.dt * self.field(torch.tensor([[k / args.steps]]), x)
        return self.read(x).squeeze(1)


flow = Flow()
opt = torch.optim.Adam(flow.parameters(), lr=args.lr)
for epoch in range(args.epochs):
    order = torch.randperm(900)
    losses = []
    for i in order.split(50):
        loss = nn.functional.binary_cross_entropy_with_logits(flow(pts[i]), lab[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        acc = ((flow(pts[test]) > 0).float() == lab[test]).float().mean()
    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4g}, accuracy {acc:.3f}")
