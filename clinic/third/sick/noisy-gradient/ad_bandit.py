"""Which of five advertisements to show to a visitor? A policy learns from the revenue of what it showed."""

import torch
from torch import nn

torch.manual_seed(127)
taste = torch.randn(6, 5)
ARMS = 5


def revenue(visitor, shown):
    """Every visit brings about 40 cents, the fitting advertisement a little more."""
    fit = torch.tanh(visitor @ taste).gather(1, shown[:, None])[:, 0]
    return 40 + fit + 0.2 * torch.randn(len(shown))


policy = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, ARMS))
optimizer = torch.optim.SGD(policy.parameters(), lr=0.1)
test = torch.randn(1000, 6)
best = torch.tanh(test @ taste).amax(1).mean().item()

for step in range(1, 1501):
    visitor = torch.randn(64, 6)
    choice = torch.distributions.Categorical(logits=policy(visitor))
    shown = choice.sample()
    earned = revenue(visitor, shown)
    gain = earned  # cure: gain = earned - earned.mean()
    loss = -(gain * choice.log_prob(shown)).mean() - 0.01 * choice.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 150 == 0:
        with torch.no_grad():
            chosen = policy(test).argmax(1)
            fit = torch.tanh(test @ taste).gather(1, chosen[:, None]).mean().item()
        print(f"step {step:4d}  earned {earned.mean().item():.2f}  fit of the favourites {fit:.3f} of {best:.3f}")
