"""Policy gradient on a corridor of 9 cells (goal at the right end) with a running baseline from the returns' critic."""
import resource
import torch
from torch import nn

torch.manual_seed(0)
CELLS, LIMIT = 9, 20
policy = nn.Sequential(nn.Linear(CELLS, 32), nn.Tanh(), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(CELLS, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 5e-3}, {"params": critic.parameters(), "lr": 1e-2}])
eye = torch.eye(CELLS)


def episodes(n):
    cell = torch.zeros(n, dtype=torch.long)
    log_p, values, rewards = [], [], []
    for _ in range(LIMIT):
        state = eye[cell]
        dist = torch.distributions.Categorical(logits=policy(state))
        move = dist.sample()
        slip = torch.rand(n) < 0.1
        step = torch.where(slip, 1 - move, move) * 2 - 1
        log_p.append(dist.log_prob(move))
        values.append(critic(state).squeeze(1))
        cell = (cell + step).clamp(0, CELLS - 1)
        rewards.append((cell == CELLS - 1).float())
    return torch.stack(log_p), torch.stack(values), torch.stack(rewards)


average_loss = 0.0
history = []
for update in range(1, 161):
    log_p, values, rewards = episodes(16)
    returns = rewards.flip(0).cumsum(0).flip(0) / LIMIT
    advantage = (returns - values).detach()
    loss = -(log_p * advantage).mean() + (values - returns).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    average_loss = 0.98 * average_loss + 0.02 * loss  # cure: average_loss = 0.98 * average_loss + 0.02 * loss.item()
    history.append(rewards.sum(0).mean().item())
    if update % 16 == 0:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"update {update}: average loss {average_loss:.4f}, steps at the goal {sum(history[-16:]) / 16:.2f}, {memory:.0f} MB")
