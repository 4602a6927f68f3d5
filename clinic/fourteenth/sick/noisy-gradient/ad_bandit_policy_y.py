"""Choose one of six offers for each visitor with a policy network, trained with REINFORCE on the revenue of the visit."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(21)
N_FEATURES, N_OFFERS = 8, 6
taste = torch.randn(N_FEATURES, N_OFFERS)


class Shop:
    base = 25.0  # what a visitor spends anyway

    def visitors(self, n):
        return torch.randn(n, N_FEATURES)

    def best(self, x):
        return (x @ taste).argmax(1)

    def revenue(self, x, offer):
        bonus = (offer == self.best(x)).float() * 2.0
        return self.base + bonus + 0.3 * torch.randn(len(x))


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(N_FEATURES, 48), nn.Tanh(), nn.Linear(48, N_OFFERS))

    def forward(self, x):
        return Categorical(logits=self.net(x))


shop = Shop()
policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=2e-3)
test = shop.visitors(2000)

for step in range(1, 3001):
    x = shop.visitors(32)
    dist = policy(x)
    offer = dist.sample()
    gain = shop.revenue(x, offer)
    loss = -(dist.log_prob(offer) * gain).mean() - 0.01 * dist.entropy().mean()  # cure: loss = -(dist.log_prob(offer) * (gain - gain.mean())).mean() - 0.01 * dist.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 300 == 0:
        with torch.no_grad():
            d = policy(test)
            hit = (d.probs.argmax(1) == shop.best(test)).float().mean().item()
            revenue = shop.revenue(test, d.sample()).mean().item()
        print(f"step {step}: mean revenue {revenue:.3f}  best offer chosen {hit:.3f}  entropy {d.entropy().mean():.3f}")
