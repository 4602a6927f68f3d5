# REINFORCE with a learned baseline in a corridor with wind: the return rises, the policy loss stays about zero.
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
LENGTH, STEPS, RUNS = 9, 25, 64


def one_hot(position):
    return nn.functional.one_hot(position, LENGTH).float()


policy = nn.Sequential(nn.Linear(LENGTH, 32), nn.Tanh(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(LENGTH, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 3e-3}, {"params": critic.parameters(), "lr": 1e-2}])


def play():
    position = torch.randint(0, LENGTH - 1, (RUNS,))
    alive = torch.ones(RUNS)
    states, logps, rewards, masks, entropies = [], [], [], [], []
    for _ in range(STEPS):
        state = one_hot(position)
        choice = Categorical(logits=policy(state))
        action = choice.sample()
        blown = torch.rand(RUNS) < 0.1
        move = torch.where(blown, torch.full((RUNS,), -1), 2 * action - 1)
        position = (position + move).clamp(0, LENGTH - 1)
        goal = (position == LENGTH - 1).float()
        states.append(state)
        logps.append(choice.log_prob(action))
        entropies.append(choice.entropy())
        rewards.append(alive * (goal - 0.02))
        masks.append(alive)
        alive = alive * (1 - goal)
    return map(torch.stack, (states, logps, rewards, masks, entropies))


history = []
for update in range(1, 201):
    states, logps, rewards, masks, entropies = play()
    returns, running = torch.zeros_like(rewards), torch.zeros(RUNS)
    for k in reversed(range(STEPS)):
        running = rewards[k] + 0.97 * running
        returns[k] = running
    value = critic(states).squeeze(-1)
    advantage = (returns - value).detach()
    policy_loss = -(masks * advantage * logps).sum() / masks.sum()
    value_loss = (masks * (returns - value).square()).sum() / masks.sum()
    bonus = (masks * entropies).sum() / masks.sum()
    opt.zero_grad()
    (policy_loss + value_loss - 0.003 * bonus).backward()
    opt.step()
    history.append(rewards.sum(0).mean().item())
    if update % 20 == 0:
        print(f"update {update:4d}  return {sum(history[-20:]) / 20:+.3f}  policy loss {policy_loss.item():+.4f}  "
              f"value loss {value_loss.item():.4f}  entropy {bonus.item():.3f}")
