"""Policy gradient on a contextual bandit: eight actions, pay-outs in cents around 50."""
import torch
import torch.nn as nn
from torch.distributions import Categorical

torch.manual_seed(17)
D, ACTIONS = 6, 8
truth = torch.randn(D, ACTIONS)


def payout(ctx, act):
    mean = 50 + 2 * (ctx @ truth).gather(1, act[:, None]).squeeze(1)
    return mean + torch.randn(len(ctx))


def greedy_regret(policy):
    with torch.no_grad():
        ctx = torch.randn(2000, D)
        value = ctx @ truth
        best = value.max(1).values
        got = value.gather(1, policy(ctx).argmax(1, keepdim=True)).squeeze(1)
        return 2 * (best - got).mean().item()


policy = nn.Sequential(nn.Linear(D, 32), nn.Tanh(), nn.Linear(32, ACTIONS))
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
history = []
for step in range(1, 1201):
    ctx = torch.randn(32, D)
    dist = Categorical(logits=policy(ctx))
    act = dist.sample()
    reward = payout(ctx, act)
    weight = reward  # cure: weight = (reward - reward.mean()) / reward.std()
    loss = -(dist.log_prob(act) * weight).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(reward.mean().item())
    if step % 120 == 0:
        print(f"step {step:5d}  mean pay-out {sum(history[-120:]) / 120:.2f}  regret of greedy policy {greedy_regret(policy):.2f}")
