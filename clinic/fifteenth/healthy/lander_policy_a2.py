"""REINFORCE with a learnt baseline: a rocket on a line has to come to rest at zero. The surrogate loss says little, the
return says all."""
import torch
from torch import nn

torch.manual_seed(5)
EPISODES, STEPS, GAMMA = 64, 30, 0.97
policy = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 3))
value = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1))
policy_opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
value_opt = torch.optim.Adam(value.parameters(), lr=1e-2)


def play():
    place, speed = torch.rand(EPISODES) * 4 - 2, torch.zeros(EPISODES)
    logp, entropy, seen, rewards = [], [], [], []
    for t in range(STEPS):
        state = torch.stack([place, speed], 1)
        choice = torch.distributions.Categorical(logits=policy(state))
        action = choice.sample()
        speed = (0.95 * speed + 0.2 * (action - 1)).clamp(-1.5, 1.5)
        place = (place + 0.3 * speed).clamp(-3, 3)
        logp.append(choice.log_prob(action))
        entropy.append(choice.entropy())
        seen.append(torch.cat([state, torch.full((EPISODES, 1), 1 - 2 * t / STEPS)], 1))
        rewards.append(-place.abs() - 0.1 * speed.abs())
    future, returns = torch.zeros(EPISODES), []
    for r in reversed(rewards):
        future = r + GAMMA * future
        returns.append(future)
    returns = torch.stack(returns[::-1]) / 10
    return torch.stack(logp), torch.stack(entropy), torch.stack(seen), returns, torch.stack(rewards).sum(0).mean().item()


recent = []
for update in range(1, 201):
    logp, entropy, seen, returns, score = play()
    recent.append(score)
    guess = value(seen).squeeze(-1)
    value_loss = (guess - returns).square().mean()
    value_opt.zero_grad()
    value_loss.backward()
    value_opt.step()
    advantage = (returns - guess).detach()
    advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-6)
    loss = -(logp * advantage).mean() - 0.01 * entropy.mean()
    policy_opt.zero_grad()
    loss.backward()
    policy_opt.step()
    if update % 20 == 0:
        print(f"update {update:3d}  surrogate {loss.item():8.4f}  value loss {value_loss.item():.4f}  entropy {entropy.mean().item():.3f}  return {sum(recent[-20:]) / 20:.2f}")
