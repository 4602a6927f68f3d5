"""Learn from simulated revenue which of six banners to show to which visitor (policy gradient on a contextual bandit)."""
import argparse

import torch
from torch import nn
from torch.distributions import Categorical


class Shop:
    """Visitors with eight features; revenue of a visit depends on the features and on the banner shown."""

    def __init__(self, gen, n_features=8, n_banners=6):
        self.gen = gen
        self.w = torch.randn(n_features, n_banners, generator=gen)
        self.n_features, self.n_banners = n_features, n_banners

    def visitors(self, n):
        return torch.randn(n, self.n_features, generator=self.gen)

    def mean_revenue(self, x):
        return 40.0 + torch.tanh(x @ self.w)

    def revenue(self, x, banner):
        mean = self.mean_revenue(x).gather(1, banner[:, None]).squeeze(1)
        return mean + 0.3 * torch.randn(len(x), generator=self.gen)


def regret(policy, shop, x):
    with torch.no_grad():
        best = policy(x).argmax(1, keepdim=True)
    m = shop.mean_revenue(x)
    return (m.max(1).values - m.gather(1, best).squeeze(1)).mean().item()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--steps", type=int, default=1500)
    p.add_argument("--visits", type=int, default=32)
    p.add_argument("--lr", type=float, default=3e-3)
    args = p.parse_args()
    torch.manual_seed(5)
    shop = Shop(torch.Generator().manual_seed(5))
    policy = nn.Sequential(nn.Linear(shop.n_features, 32), nn.Tanh(), nn.Linear(32, shop.n_banners))
    opt = torch.optim.Adam(policy.parameters(), lr=args.lr)
    held_out = shop.visitors(2000)
    print(f"start: regret {regret(policy, shop, held_out):.3f}")
    earned = 0.0
    for step in range(1, args.steps + 1):
        x = shop.visitors(args.visits)
        dist = Categorical(logits=policy(x))
        banner = dist.sample()
        r = shop.revenue(x, banner)
        weight = r  # cure: weight = r - r.mean()
        loss = -(weight * dist.log_prob(banner)).mean() - 0.002 * dist.entropy().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        earned += r.mean().item()
        if step % 150 == 0:
            print(f"step {step:5d}  revenue/visit {earned / 150:.3f}  regret {regret(policy, shop, held_out):.3f}")
            earned = 0.0


if __name__ == "__main__":
    main()
