"""Fitted Q-learning on a slippery corridor: walk to the treasure at the right end."""
import torch
import torch.nn as nn

CELLS, GAMMA = 10, 0.9
torch.manual_seed(26)


def transition(state, action):
    slip = torch.rand(len(state)) < 0.1
    move = torch.where(action == 1, 1, -1) * torch.where(slip, -1, 1)
    nxt = (state + move).clamp(0, CELLS - 1)
    done = nxt == CELLS - 1
    reward = done.float() - 0.02
    return nxt, reward, done.float()


def features(state):
    return nn.functional.one_hot(state, CELLS).float()


def play(net, episodes=100, limit=60):
    state, ret, alive = torch.zeros(episodes, dtype=torch.long), torch.zeros(episodes), torch.ones(episodes)
    with torch.no_grad():
        for _ in range(limit):
            state, r, done = transition(state, net(features(state)).argmax(1))
            ret += alive * r
            alive = alive * (1 - done)
    return ret.mean().item(), 1 - alive.mean().item()


state = torch.randint(0, CELLS - 1, (3000,))
action = torch.randint(0, 2, (3000,))
nxt, reward, done = transition(state, action)

net = nn.Sequential(nn.Linear(CELLS, 48), nn.ReLU(), nn.Linear(48, 2))
target = nn.Sequential(nn.Linear(CELLS, 48), nn.ReLU(), nn.Linear(48, 2))
target.load_state_dict(net.state_dict())
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
losses = []
for it in range(1, 2401):
    idx = torch.randint(0, 3000, (64,))
    q = net(features(state[idx])).gather(1, action[idx].unsqueeze(1))  # cure: q = net(features(state[idx])).gather(1, action[idx].unsqueeze(1)).squeeze(1)
    with torch.no_grad():
        best = target(features(nxt[idx])).max(1).values
        backup = reward[idx] + GAMMA * (1 - done[idx]) * best
    delta = q - backup
    loss = torch.where(delta.abs() < 1, 0.5 * delta ** 2, delta.abs() - 0.5).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.item())
    if it % 40 == 0:
        target.load_state_dict(net.state_dict())
    if it % 240 == 0:
        score, found = play(net)
        print(f"update {it}: td loss {sum(losses) / len(losses):.5f}, return {score:.3f}, treasure found {found:.2f}")
        losses = []
