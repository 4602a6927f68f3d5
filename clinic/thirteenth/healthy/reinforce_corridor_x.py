"""REINFORCE with a learnt baseline in a windy corridor: the policy loss hovers around zero while the return rises."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(8)
L, HORIZON, ENVS = 9, 20, 64
policy = nn.Sequential(nn.Linear(L, 32), nn.Tanh(), nn.Linear(32, 2))
value = nn.Sequential(nn.Linear(L, 32), nn.Tanh(), nn.Linear(32, 1), nn.Flatten(0))
opt_p = torch.optim.Adam(policy.parameters(), lr=5e-3)
opt_v = torch.optim.Adam(value.parameters(), lr=1e-2)


def episode():
    pos = torch.full((ENVS,), L // 2)
    alive = torch.ones(ENVS)
    obs, logp, ent, rewards, mask = [], [], [], [], []
    for _ in range(HORIZON):
        o = nn.functional.one_hot(pos, L).float()
        d = Categorical(logits=policy(o))
        a = d.sample()
        wind = (torch.rand(ENVS) < 0.25).long()
        pos = (pos + 2 * a - 1 - wind).clamp(0, L - 1)
        goal, pit = (pos == L - 1).float(), (pos == 0).float()
        obs.append(o)
        logp.append(d.log_prob(a))
        ent.append(d.entropy())
        rewards.append(alive * (goal - 0.5 * pit - 0.02))
        mask.append(alive)
        alive = alive * (1 - goal) * (1 - pit)
    return (torch.stack(t) for t in (obs, logp, ent, rewards, mask))


for update in range(1, 201):
    obs, logp, ent, rewards, mask = episode()
    ret, g = torch.zeros_like(rewards), torch.zeros(ENVS)
    for t in reversed(range(HORIZON)):
        g = rewards[t] + 0.98 * g
        ret[t] = g
    v = value(obs.flatten(0, 1)).view_as(ret)
    n = mask.sum()
    loss_v = (mask * (v - ret) ** 2).sum() / n
    adv = (ret - v).detach()
    loss_p = -(mask * logp * adv).sum() / n - 0.005 * (mask * ent).sum() / n
    for opt, loss in ((opt_p, loss_p), (opt_v, loss_v)):
        opt.zero_grad()
        loss.backward()
        opt.step()
    if update % 20 == 0:
        print(f"update {update} policy loss {loss_p.item():+.4f} value loss {loss_v.item():.4f} return {rewards.sum(0).mean():+.3f}")
