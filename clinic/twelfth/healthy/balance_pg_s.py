"""Policy gradient with a learned baseline: keep a cart with a drifting pole-like state inside its bounds."""
import torch
import torch.nn as nn


class Balance:
    """An unstable second-order system; the agent pushes left or right, an episode lasts 40 steps at most."""

    def __init__(self, n):
        self.n = n

    def reset(self):
        self.s = (torch.rand(self.n, 2) - 0.5) * 0.4
        self.alive = torch.ones(self.n)
        return self.s

    def step(self, action):
        pos, vel = self.s.unbind(1)
        push = action.float() * 2 - 1
        vel = vel + 0.1 * (1.5 * pos + 1.2 * push + 0.5 * torch.randn(self.n))
        pos = pos + 0.1 * vel
        self.s = torch.stack([pos, vel], 1)
        self.alive = self.alive * (pos.abs() < 0.6).float()
        return self.s, self.alive


def main(iterations=120, n=24, steps=40, gamma=0.95):
    torch.manual_seed(2)
    env = Balance(n)
    actor = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2))
    critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
    opt = torch.optim.Adam([{"params": actor.parameters(), "lr": 1e-2}, {"params": critic.parameters(), "lr": 1e-2}])
    history = []
    for it in range(1, iterations + 1):
        s = env.reset()
        states, logps, rewards, masks = [], [], [], []
        for _ in range(steps):
            dist = torch.distributions.Categorical(logits=actor(s))
            a = dist.sample()
            states.append(s)
            logps.append(dist.log_prob(a))
            masks.append(env.alive.clone())
            s, r = env.step(a)
            rewards.append(r)
        g, returns = torch.zeros(n), []
        for r in reversed(rewards):
            g = r + gamma * g
            returns.insert(0, g)
        returns, masks = torch.stack(returns), torch.stack(masks)
        value = critic(torch.stack(states) * 2).squeeze(-1)
        adv = (returns - value).detach()
        loss = -(adv * torch.stack(logps) * masks).mean() + 0.1 * ((returns - value) ** 2 * masks).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        history.append(torch.stack(rewards).sum(0).mean().item())
        if it % 12 == 0:
            print(f"iteration {it}: loss {loss.item():+.3f}, steps survived {sum(history[-12:]) / 12:.2f} of {steps}")


main()
