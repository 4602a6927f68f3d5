"""Fitted Q-learning on a 6x6 grid (reach the corner, avoid the pit) from random transitions, with a target network."""
import copy
import torch
from torch import nn

SIZE, GAMMA = 6, 0.9
GOAL, PIT = (5, 5), (2, 3)
MOVES = torch.tensor([[-1, 0], [1, 0], [0, -1], [0, 1]])


def step(pos, act):
    nxt = (pos + MOVES[act]).clamp(0, SIZE - 1)
    goal = (nxt == torch.tensor(GOAL)).all(1)
    pit = (nxt == torch.tensor(PIT)).all(1)
    return nxt, goal.float() - pit.float(), (goal | pit).float()


def encode(pos):
    return nn.functional.one_hot(pos[:, 0] * SIZE + pos[:, 1], SIZE * SIZE).float()


def greedy_success(q):
    starts = torch.cartesian_prod(torch.arange(SIZE), torch.arange(SIZE))
    starts = starts[(starts != torch.tensor(GOAL)).any(1) & (starts != torch.tensor(PIT)).any(1)]
    pos, alive, won = starts.clone(), torch.ones(len(starts)), torch.zeros(len(starts))
    for _ in range(14):
        with torch.no_grad():
            nxt, r, done = step(pos, q(encode(pos)).argmax(1))
        won += alive * (r > 0)
        alive *= 1 - done
        pos = nxt
    return won.mean().item()


def main():
    torch.manual_seed(3)
    q = nn.Sequential(nn.Linear(SIZE * SIZE, 64), nn.ReLU(), nn.Linear(64, 4))
    target = copy.deepcopy(q)
    opt = torch.optim.Adam(q.parameters(), lr=3e-3)
    for it in range(1, 1501):
        pos, act = torch.randint(0, SIZE, (64, 2)), torch.randint(0, 4, (64,))
        nxt, r, done = step(pos, act)
        with torch.no_grad():
            goal_value = r + GAMMA * (1 - done) * target(encode(nxt)).max(1).values
        value = q(encode(pos)).gather(1, act[:, None])  # cure: value = q(encode(pos)).gather(1, act[:, None]).squeeze(1)
        loss = ((value - goal_value) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 50 == 0:
            target.load_state_dict(q.state_dict())
        if it % 150 == 0:
            print(f"{it}: td error {loss.item():.5f}, share of starts that reach the goal {greedy_success(q):.2f}")


main()
