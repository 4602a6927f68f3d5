"""Policy gradient on a small grid: walk from the left edge to the goal at the right, avoiding the pit."""
import torch
from torch import nn
from torch.distributions import Categorical

SIZE, LIMIT = 5, 20
MOVES = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])


def step(pos, action):
    pos = (pos + MOVES[action]).clamp(0, SIZE - 1)
    pit = (pos[:, 0] == 2) & (pos[:, 1] == 2)
    goal = (pos[:, 0] == SIZE - 1) & (pos[:, 1] == SIZE - 1)
    reward = -0.05 + goal.float() - pit.float()
    return pos, reward, pit | goal


def encode(pos):
    return nn.functional.one_hot(pos[:, 0] * SIZE + pos[:, 1], SIZE * SIZE).float()


policy = None


def episodes(n):
    pos = torch.zeros(n, 2, dtype=torch.long)
    alive = torch.ones(n, dtype=torch.bool)
    logps, rewards, entropies = [], [], []
    for _ in range(LIMIT):
        dist = Categorical(logits=policy(encode(pos)))
        action = dist.sample()
        pos, reward, done = step(pos, action)
        logps.append(dist.log_prob(action) * alive)
        entropies.append(dist.entropy() * alive)
        rewards.append(reward * alive)
        alive = alive & ~done
    return torch.stack(logps), torch.stack(rewards), torch.stack(entropies)


def main():
    global policy
    torch.manual_seed(0)
    policy = nn.Sequential(nn.Linear(SIZE * SIZE, 32), nn.Tanh(), nn.Linear(32, 4))
    optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3, maximize=True)  # cure: optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
    for iteration in range(1, 151):
        logp, reward, entropy = episodes(64)
        togo = reward.flip(0).cumsum(0).flip(0)
        advantage = togo - togo.mean(1, keepdim=True)
        objective = (logp * advantage).sum(0).mean() + 0.002 * entropy.sum(0).mean()
        loss = -objective
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if iteration % 15 == 0:
            print(f"iteration {iteration:3d}  return {reward.sum(0).mean():.3f}  reached {(reward > 0.5).any(0).float().mean():.2f}")


if __name__ == "__main__":
    main()
