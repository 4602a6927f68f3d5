"""Contextual bandit: choose one of six offers per customer; payoff in cents, policy trained by REINFORCE."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(12)
FEATURES, OFFERS, BATCH = 8, 6, 32
taste = torch.randn(FEATURES, OFFERS)


def payoff(x, action):
    """Every sale pays a base of about twenty, the fit of the offer moves it by one or two."""
    return 20.0 + (x @ taste).gather(1, action[:, None]).squeeze(1) / FEATURES ** 0.5 + 0.3 * torch.randn(len(x))


policy = nn.Sequential(nn.Linear(FEATURES, 32), nn.Tanh(), nn.Linear(32, OFFERS))
optimiser = torch.optim.Adam(policy.parameters(), lr=3e-3)
held_out = torch.randn(2000, FEATURES)
value = held_out @ taste / FEATURES ** 0.5
best = value.max(1).values.mean().item()

earned = 0.0
for step in range(1, 2501):
    x = torch.randn(BATCH, FEATURES)
    dist = Categorical(logits=policy(x))
    action = dist.sample()
    reward = payoff(x, action)
    weight = reward  # cure: weight = reward - reward.mean()
    loss = -(dist.log_prob(action) * weight).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    earned += reward.mean().item() / 250
    if step % 250 == 0:
        with torch.no_grad():
            got = (policy(held_out).softmax(1) * value).sum(1).mean().item()
        print(f"step {step:4d}  mean payoff {earned:.3f}  above base {got:.3f} of at most {best:.3f}  loss {loss.item():.3f}")
        earned = 0.0
