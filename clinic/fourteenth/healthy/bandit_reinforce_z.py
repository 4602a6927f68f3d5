"""REINFORCE with a baseline and an entropy bonus on a contextual bandit: the return matters, the loss has no meaning."""
import torch
from torch import nn

torch.manual_seed(0)
arms = torch.randn(4, 6)
policy = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 4))
value = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 1))
opt_p = torch.optim.Adam(policy.parameters(), lr=3e-3)
opt_v = torch.optim.Adam(value.parameters(), lr=3e-3)
for step in range(1, 2001):
    context = torch.randn(64, 6)
    dist = torch.distributions.Categorical(logits=policy(context))
    a = dist.sample()
    pay = context @ arms.T
    reward = pay.gather(1, a[:, None]).squeeze(1) + 0.3 * torch.randn(64)
    v = value(context).squeeze(1)
    loss_p = -(dist.log_prob(a) * (reward - v.detach())).mean() - 0.01 * dist.entropy().mean()
    loss_v = (v - reward).square().mean()
    opt_p.zero_grad()
    loss_p.backward()
    opt_p.step()
    opt_v.zero_grad()
    loss_v.backward()
    opt_v.step()
    if step % 200 == 0:
        print(f"{step}: policy loss {loss_p.item():+.3f} value loss {loss_v.item():.3f} reward {reward.mean():.3f} of {pay.max(1).values.mean():.3f}")
