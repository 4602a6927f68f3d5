"""REINFORCE with a baseline: keep a noisy unstable point near zero by pushing left or right."""
import torch
from torch import nn

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
opt = torch.optim.Adam(policy.parameters(), lr=1e-2)
N, STEPS, GAMMA = 32, 40, 0.95


def run(greedy=False):
    x, v = torch.randn(N) * 0.3, torch.randn(N) * 0.3
    log_p, rewards = [], []
    for _ in range(STEPS):
        dist = torch.distributions.Categorical(logits=policy(torch.stack([x, v], 1)))
        a = dist.probs.argmax(1) if greedy else dist.sample()
        v = v + 0.1 * (1.5 * x + 3.0 * (a * 2 - 1) + 0.5 * torch.randn(N))
        x = x + 0.1 * v
        log_p.append(dist.log_prob(a))
        rewards.append(-(x.clamp(-3, 3) ** 2) - 0.1 * v.clamp(-3, 3) ** 2)
    return torch.stack(log_p), torch.stack(rewards)


for update in range(1, 101):
    log_p, rewards = run()
    ret, returns = torch.zeros(N), []
    for r in rewards.flip(0):
        ret = r + GAMMA * ret
        returns.append(ret)
    returns = torch.stack(returns[::-1])
    advantage = returns - returns.mean(1, keepdim=True)
    advantage = advantage / (advantage.std() + 1e-6)
    surrogate = -(log_p * advantage).mean()
    opt.zero_grad()
    surrogate.backward()
    opt.step()
    if update % 10 == 0:
        with torch.no_grad():
            score = run(greedy=True)[1].sum(0).mean().item()
        print(f"update {update}: surrogate {surrogate.item():+.4f}  sampled return {rewards.sum(0).mean().item():.2f}  greedy return {score:.2f}")
