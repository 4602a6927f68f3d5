"""Contextual bandit: choose one of six adverts for a visitor, learn from the revenue with a policy gradient."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(2)
N_ADS, N_FEAT = 6, 10
taste = torch.randn(N_FEAT, N_ADS)


def revenue(visitor, ad):
    best = (visitor @ taste).argmax(1)
    return 20.0 + (best == ad).float() + 0.1 * torch.randn(len(ad))


policy = nn.Sequential(nn.Linear(N_FEAT, 32), nn.Tanh(), nn.Linear(32, N_ADS))
optimizer = torch.optim.Adam(policy.parameters(), lr=3e-3)
probe = torch.randn(2000, N_FEAT)
history = []
for step in range(2000):
    visitor = torch.randn(32, N_FEAT)
    dist = Categorical(logits=policy(visitor))
    ad = dist.sample()
    r = revenue(visitor, ad)
    advantage = r  # cure: advantage = r - r.mean()
    loss = -(dist.log_prob(ad) * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(r.mean().item() - 20)
    if (step + 1) % 200 == 0:
        with torch.no_grad():
            greedy = policy(probe).argmax(1)
        hit = (greedy == (probe @ taste).argmax(1)).float().mean().item()
        print(f"step {step + 1:4d}: extra revenue {sum(history[-200:]) / 200:.3f}, best advert chosen {hit:.3f}")
