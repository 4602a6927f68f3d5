"""Mixture density network for an inverse problem (several y for one x)."""
import torch
from torch import nn
from torch.distributions import Categorical, MixtureSameFamily, Normal


class MDN(nn.Module):
    def __init__(self, k=5, h=48):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(1, h), nn.Tanh(), nn.Linear(h, h), nn.Tanh())
        self.heads = nn.ModuleDict({n: nn.Linear(h, k) for n in ("logit", "mean", "scale")})

    def forward(self, x):
        h = self.body(x)
        scale = nn.functional.softplus(self.heads["scale"](h)) + 0.02
        return MixtureSameFamily(Categorical(logits=self.heads["logit"](h)), Normal(self.heads["mean"](h), scale))

    def log_likelihood(self, x, y):
        return self(x).log_prob(y).mean()


def sample(n):
    y = torch.rand(n) * 2 - 1
    x = y + 0.35 * torch.sin(2 * torch.pi * y) + 0.05 * torch.randn(n)
    return x[:, None] * 1.7, y * 1.7


if __name__ == "__main__":
    torch.manual_seed(4)
    mdn = MDN()
    xv, yv = sample(2000)
    optimiser = torch.optim.Adam(mdn.parameters(), lr=3e-3)
    for step in range(1, 601):
        x, y = sample(128)
        objective = mdn.log_likelihood(x, y)  # cure: objective = -mdn.log_likelihood(x, y)
        optimiser.zero_grad()
        objective.backward()
        nn.utils.clip_grad_norm_(mdn.parameters(), 5.0)
        optimiser.step()
        if step % 60 == 0:
            with torch.no_grad():
                print(f"{step:4d} objective {objective.item():.4f} held-out log-lik {mdn.log_likelihood(xv, yv):.4f}")
