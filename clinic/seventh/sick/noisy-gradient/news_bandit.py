"""Policy gradient for choosing which of 10 digits is shown (contextual bandit; a click pays one, a view pays a flat fee)."""
import torch
import torch.nn as nn
from torch.distributions import Categorical
from sklearn.datasets import load_digits

torch.manual_seed(6)
d = load_digits()
ctx = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
lab = torch.tensor(d.target)

policy = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(policy.parameters(), lr=3e-3)
FLAT_FEE = 8.0


def pay(action, target):
    return FLAT_FEE + 2.0 * (action == target).float() + 0.5 * torch.randn(len(action))


history = []
for step in range(1, 1501):
    i = torch.randint(len(ctx), (32,))
    dist = Categorical(logits=policy(ctx[i]))
    a = dist.sample()
    r = pay(a, lab[i])
    advantage = r  # cure: advantage = r - r.mean()
    loss = -(dist.log_prob(a) * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(r.mean().item())
    if step % 150 == 0:
        with torch.no_grad():
            greedy = (policy(ctx).argmax(1) == lab).float().mean().item()
        print(f"step {step:5d}  mean pay {sum(history[-150:]) / 150:.3f}  greedy hit rate {greedy:.3f}")
