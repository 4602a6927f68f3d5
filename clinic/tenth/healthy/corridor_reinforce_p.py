"""REINFORCE with a learnt baseline: walk to the goal end of a corridor that a hint names; many episodes at once."""
import torch
from torch import nn

torch.manual_seed(103)
N, LEN, HORIZON = 64, 9, 14
policy = nn.Sequential(nn.Linear(LEN + 1, 48), nn.Tanh(), nn.Linear(48, 2))
critic = nn.Sequential(nn.Linear(LEN + 1, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.Adam([{"params": policy.parameters(), "lr": 3e-3}, {"params": critic.parameters(), "lr": 1e-2}])


def observe(pos, goal):
    return torch.cat([nn.functional.one_hot(pos, LEN).float(), goal[:, None].float() * 2 - 1], 1)


def rollout():
    pos, goal = torch.full((N,), LEN // 2), torch.randint(0, 2, (N,))
    alive = torch.ones(N)
    obs, logp, rew, mask, ent = [], [], [], [], []
    for _ in range(HORIZON):
        o = observe(pos, goal)
        dist = torch.distributions.Categorical(logits=policy(o))
        a = dist.sample()
        slip = torch.rand(N) < 0.1
        pos = (pos + torch.where(slip, 1 - a, a) * 2 - 1).clamp(0, LEN - 1)
        at_goal, at_trap = pos == goal * (LEN - 1), pos == (1 - goal) * (LEN - 1)
        obs.append(o), logp.append(dist.log_prob(a)), mask.append(alive), ent.append(dist.entropy())
        rew.append(alive * (at_goal.float() - at_trap.float() - 0.02))
        alive = alive * (~(at_goal | at_trap)).float()
    return map(torch.stack, (obs, logp, rew, mask, ent))


for it in range(1, 161):
    obs, logp, rew, mask, ent = rollout()
    ret, g = torch.zeros_like(rew), torch.zeros(N)
    for t in reversed(range(HORIZON)):
        g = rew[t] + 0.97 * g
        ret[t] = g
    value = critic(obs).squeeze(-1)
    adv = (ret - value).detach()
    pg = -(logp * adv * mask).sum() / mask.sum()
    vf = ((ret - value) ** 2 * mask).sum() / mask.sum()
    opt.zero_grad()
    (pg + 0.5 * vf - 0.01 * (ent * mask).sum() / mask.sum()).backward()
    opt.step()
    if it % 20 == 0:
        print(f"iteration {it}: return {rew.sum(0).mean():.3f}  reached {(rew.sum(0) > 0.5).float().mean():.2f}  policy loss {pg.item():.4f}  value loss {vf.item():.4f}")
