"""Actor-critic on a small cliff-walking grid: many noisy returns, one shared trunk."""
import random

import torch
from torch import nn

W, H = 6, 3
MOVES = [(1, 0), (-1, 0), (0, 1), (0, -1)]


class Cliff:
    def reset(self):
        self.x = self.y = 0
        self.t = 0
        return self.state()

    def state(self):
        return self.y * W + self.x

    def step(self, a):
        if random.random() < 0.05:
            a = random.randrange(4)
        self.x = min(max(self.x + MOVES[a][0], 0), W - 1)
        self.y = min(max(self.y + MOVES[a][1], 0), H - 1)
        self.t += 1
        if self.y == 0 and 0 < self.x < W - 1:
            return self.state(), -3.0, True
        if self.y == 0 and self.x == W - 1:
            return self.state(), 3.0, True
        return self.state(), -0.05, self.t >= 40


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(W * H, 32)
        self.pi, self.v = nn.Linear(32, 4), nn.Linear(32, 1)
        nn.init.zeros_(self.pi.weight)

    def forward(self, s):
        h = torch.tanh(self.emb(s))
        return self.pi(h), self.v(h).squeeze(-1)


random.seed(0)
torch.manual_seed(0)
env, agent = Cliff(), Agent()
opt = torch.optim.Adam(agent.parameters(), lr=1e-2)
recent = []
for it in range(1, 201):
    S, A, R = [], [], []
    for _ in range(8):
        s, done, rewards = env.reset(), False, []
        while not done:
            with torch.no_grad():
                a = torch.distributions.Categorical(logits=agent(torch.tensor(s))[0]).sample().item()
            S.append(s)
            A.append(a)
            s, r, done = env.step(a)
            rewards.append(r)
        g, back = 0.0, []
        for r in reversed(rewards):
            g = r + 0.97 * g
            back.append(g)
        R += back[::-1]
        recent.append(sum(rewards))
    logits, value = agent(torch.tensor(S))
    dist, ret = torch.distributions.Categorical(logits=logits), torch.tensor(R)
    adv = ret - value.detach()
    loss = -(dist.log_prob(torch.tensor(A)) * adv).mean() + 0.5 * (value - ret).pow(2).mean() - 0.01 * dist.entropy().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 25 == 0:
        print(f"iteration {it}: mean return {sum(recent[-200:]) / 200:+.3f}, loss {loss.item():+.3f}")
