"""Actor-critic on a contextual bandit with five arms: the actor's loss hovers around zero while the reward climbs."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(5)
world = torch.randn(6, 5)


def pull(context, arm):
    chance = torch.sigmoid(2 * context @ world)
    return torch.bernoulli(chance.gather(1, arm[:, None]).squeeze(1))


actor = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 5))
critic = nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 1), nn.Flatten(0))
actor_opt = torch.optim.Adam(actor.parameters(), lr=3e-3)
critic_opt = torch.optim.Adam(critic.parameters(), lr=1e-2)
exam = torch.randn(2000, 6)
best = torch.sigmoid(2 * exam @ world).max(1).values.mean().item()

for step in range(1, 1501):
    context = torch.randn(64, 6)
    policy = Categorical(logits=actor(context))
    arm = policy.sample()
    reward = pull(context, arm)
    value = critic(context)
    critic_loss = nn.functional.mse_loss(value, reward)
    critic_opt.zero_grad()
    critic_loss.backward()
    critic_opt.step()

    actor_loss = -((reward - value.detach()) * policy.log_prob(arm)).mean() - 0.01 * policy.entropy().mean()
    actor_opt.zero_grad()
    actor_loss.backward()
    actor_opt.step()
    if step % 150 == 0:
        with torch.no_grad():
            greedy = actor(exam).argmax(1)
            expected = torch.sigmoid(2 * exam @ world).gather(1, greedy[:, None]).mean().item()
        print(f"step {step:4d}  actor {actor_loss.item():+.4f}  critic {critic_loss.item():.4f}  "
              f"expected reward {expected:.3f} (best possible {best:.3f})")
