# Contextual bandit: choose one of eight advertisements for a visitor, REINFORCE with a learned baseline.
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(31)
ARMS, DIM = 8, 12
taste = torch.randn(DIM, ARMS)


def visitors(n):
    x = torch.randn(n, DIM)
    return x, (x @ taste).argmax(1)


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(DIM, 64), nn.Tanh())
        self.actor, self.baseline = nn.Linear(64, ARMS), nn.Linear(64, 1)

    def forward(self, x):
        h = self.body(x)
        scores = torch.softmax(self.actor(h), -1)  # cure: scores = self.actor(h)
        return Categorical(logits=scores), self.baseline(h).squeeze(-1)


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
earned = []
for round_ in range(1, 1501):
    x, best = visitors(128)
    choice, value = policy(x)
    arm = choice.sample()
    reward = (arm == best).float()
    advantage = reward - value.detach()
    loss = -(advantage * choice.log_prob(arm)).mean() + 0.5 * (reward - value).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    earned.append(reward.mean().item())
    if round_ % 150 == 0:
        print(f"round {round_:5d}  clicks per visitor {sum(earned[-150:]) / 150:.3f}  "
              f"entropy {choice.entropy().mean().item():.3f}  loss {loss.item():+.4f}")
