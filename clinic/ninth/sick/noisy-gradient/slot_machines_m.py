"""Contextual slot machines: a policy network learns by REINFORCE which of 4 arms pays best in each context."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(2)


class Casino:
    """Pay-outs are around 40 coins; the right arm pays 2 coins more than the others."""

    def context(self, n):
        return torch.randn(n, 3)

    def best(self, c):
        return (c[:, 0] > 0).long() * 2 + (c[:, 1] > 0).long()

    def pull(self, c, arm):
        return 40 + 2.0 * (arm == self.best(c)).float() + 0.3 * torch.randn(len(arm))


casino = Casino()
policy = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 4))
opt = torch.optim.Adam(policy.parameters(), lr=2e-3)
probe = casino.context(1000)
for it in range(1, 801):
    c = casino.context(16)
    dist = Categorical(logits=policy(c))
    arm = dist.sample()
    coins = casino.pull(c, arm)
    advantage = coins  # cure: advantage = coins - 40.5
    loss = -(advantage * dist.log_prob(arm)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 80 == 0:
        with torch.no_grad():
            p = policy(probe).softmax(1)
            right = p.gather(1, casino.best(probe)[:, None]).mean()
        print(f"pulls {it * 16:6d}  objective {loss.item():9.3f}  P(best arm) {right:.3f}")
