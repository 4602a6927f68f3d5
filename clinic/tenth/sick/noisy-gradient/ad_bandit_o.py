"""Contextual bandit: learn from the takings which of five offers to show to which kind of visitor (policy gradient)."""
import torch
import torch.nn as nn

torch.manual_seed(17)
OFFERS, FEATURES = 5, 6
taste = torch.randn(FEATURES, OFFERS)


def visitors(n):
    return torch.randn(n, FEATURES)


def takings(x, offer):
    """Basket in euros: a usual basket of 300, a little more when the offer fits."""
    fit = (x @ taste).gather(1, offer[:, None]).squeeze(1)
    return 300 + 2.0 * fit + torch.randn(len(x))


policy = nn.Sequential(nn.Linear(FEATURES, 32), nn.Tanh(), nn.Linear(32, OFFERS))
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
panel = visitors(1000)
best = 300 + 2.0 * (panel @ taste).max(1).values.mean().item()

earned = []
for round_no in range(1, 1001):
    x = visitors(24)
    dist = torch.distributions.Categorical(logits=policy(x))
    offer = dist.sample()
    money = takings(x, offer)
    gain = money  # cure: gain = (money - money.mean()) / money.std()
    loss = -(dist.log_prob(offer) * gain).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    earned.append(money.mean().item())
    if round_no % 100 == 0:
        with torch.no_grad():
            choice = policy(panel).argmax(1)
            value = 300 + 2.0 * (panel @ taste).gather(1, choice[:, None]).mean().item()
        print(f"round {round_no}: earned {sum(earned[-100:]) / 100:.2f}, greedy value {value:.2f} of {best:.2f}")
