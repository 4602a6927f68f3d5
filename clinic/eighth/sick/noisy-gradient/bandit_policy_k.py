"""Policy gradient on a contextual bandit: choose one of 6 offers for each customer, learn from the profit."""
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(4)
CTX, ARMS = 8, 6
taste = torch.randn(CTX, ARMS)


def profit(ctx, arm):
    best = ctx @ taste
    gain = best.gather(1, arm[:, None]).squeeze(1)
    return 40.0 + gain + 0.5 * torch.randn(len(arm))


policy = nn.Sequential(nn.Linear(CTX, 32), nn.Tanh(), nn.Linear(32, ARMS))
optimizer = torch.optim.Adam(policy.parameters(), lr=3e-3)
test = torch.randn(2000, CTX)
for update in range(1, 1201):
    ctx = torch.randn(32, CTX)
    dist = Categorical(logits=policy(ctx))
    arm = dist.sample()
    reward = profit(ctx, arm)
    advantage = reward  # cure: advantage = reward - reward.mean()
    loss = -(dist.log_prob(arm) * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
    optimizer.step()
    if update % 100 == 0:
        with torch.no_grad():
            pick = policy(test).argmax(1)
            hit = (pick == (test @ taste).argmax(1)).float().mean()
        print(f"update {update}  mean profit {reward.mean():.2f}  greedy hit rate {hit:.3f}")
