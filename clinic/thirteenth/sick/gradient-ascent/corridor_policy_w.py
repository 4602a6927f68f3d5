"""REINFORCE with a value baseline: walk along a corridor of nine cells to the door at its right end."""
import torch
from torch import nn

torch.manual_seed(0)
CELLS, LIMIT, RUNS = 9, 30, 32


def rollout(policy):
    """RUNS corridors at once; a step costs 0.05, the door pays 1."""
    pos = torch.full((RUNS,), 2)
    alive = torch.ones(RUNS)
    seen, taken, pay, mask = [], [], [], []
    for _ in range(LIMIT):
        state = nn.functional.one_hot(pos, CELLS).float()
        with torch.no_grad():
            move = torch.distributions.Categorical(logits=policy(state)).sample()
        pos = (pos + 2 * move - 1).clamp(0, CELLS - 1)
        door = (pos == CELLS - 1).float()
        seen.append(state), taken.append(move), mask.append(alive)
        pay.append(alive * (door - 0.05))
        alive = alive * (1 - door)
    back, total = [], torch.zeros(RUNS)
    for p in reversed(pay):
        total = p + 0.98 * total
        back.insert(0, total)
    return torch.cat(seen), torch.cat(taken), torch.cat(back), torch.cat(mask), torch.stack(pay).sum(0).mean()


policy = nn.Sequential(nn.Linear(CELLS, 32), nn.Tanh(), nn.Linear(32, 2))
value = nn.Linear(CELLS, 1)
optimizer = torch.optim.Adam([*policy.parameters(), *value.parameters()], lr=3e-3)
for it in range(1, 151):
    state, move, ret, mask, pay = rollout(policy)
    v = value(state).squeeze(1)
    logp = torch.distributions.Categorical(logits=policy(state)).log_prob(move)
    advantage = (ret - v).detach()
    actor = (logp * advantage * mask).sum() / mask.sum()  # cure: actor = -(logp * advantage * mask).sum() / mask.sum()
    critic = ((ret - v) ** 2 * mask).sum() / mask.sum()
    optimizer.zero_grad()
    (actor + 0.5 * critic).backward()
    optimizer.step()
    if it % 15 == 0:
        print(f"iteration {it:3d}  mean return {pay:.3f}  critic loss {critic.item():.4f}")
