"""Contextual bandit: a policy network chooses one of six articles and is paid in clicks and dwell time (REINFORCE)."""
import torch
import torch.nn as nn

torch.manual_seed(4)
CONTEXT, ARMS, BATCH, STEPS = 8, 6, 32, 500
true_pref = torch.randn(CONTEXT, ARMS)


def dwell_seconds(x, arm):
    base = 60.0
    lift = (x @ true_pref).gather(1, arm[:, None])[:, 0]
    return base + lift + torch.randn(len(x))


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(CONTEXT, 32), nn.Tanh(), nn.Linear(32, ARMS))

    def forward(self, x):
        return torch.distributions.Categorical(logits=self.net(x))


policy = Policy()
optim = torch.optim.Adam(policy.parameters(), lr=5e-3)
history = []
for step in range(1, STEPS + 1):
    context = torch.randn(BATCH, CONTEXT)
    dist = policy(context)
    arm = dist.sample()
    reward = dwell_seconds(context, arm)
    advantage = reward  # cure: advantage = reward - reward.mean()
    loss = -(dist.log_prob(arm) * advantage).mean()
    optim.zero_grad()
    loss.backward()
    optim.step()
    history.append(reward.mean().item())
    if step % 50 == 0:
        with torch.no_grad():
            probe = torch.randn(2000, CONTEXT)
            best = (probe @ true_pref).argmax(1)
            right = (policy(probe).logits.argmax(1) == best).float().mean()
        print(f"step {step}: mean dwell {sum(history[-50:]) / 50:.2f} s, best arm chosen {right:.1%}")
