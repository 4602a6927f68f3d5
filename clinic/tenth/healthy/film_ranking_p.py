"""RankNet: learn from pairs of films which one is preferred; scores have no absolute level, only order counts."""
import torch
from torch import nn

torch.manual_seed(112)
FILMS = torch.randn(1200, 10)
UTILITY = torch.tanh(FILMS[:, 0] * FILMS[:, 1]) + 0.7 * FILMS[:, 2] - 0.5 * FILMS[:, 3].abs()
TRAIN, TEST = torch.arange(0, 900), torch.arange(900, 1200)


def duels(pool, n):
    a, b = pool[torch.randint(len(pool), (n,))], pool[torch.randint(len(pool), (n,))]
    win = torch.rand(n) < torch.sigmoid(4 * (UTILITY[a] - UTILITY[b]))
    return torch.where(win, a, b), torch.where(win, b, a)


def concordance(net):
    with torch.no_grad():
        s, u = net(FILMS[TEST]).squeeze(1), UTILITY[TEST]
    iu = torch.triu_indices(len(u), len(u), 1)
    return ((s[iu[0]] > s[iu[1]]) == (u[iu[0]] > u[iu[1]])).float().mean().item()


net = nn.Sequential(nn.Linear(10, 48), nn.GELU(), nn.Linear(48, 1))
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.05)
avg = 0.693
for step in range(1, 1001):
    winner, loser = duels(TRAIN, 64)
    loss = nn.functional.softplus(net(FILMS[loser]) - net(FILMS[winner])).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = 0.98 * avg + 0.02 * loss.item()
    if step % 125 == 0:
        print(f"step {step}: pair loss {avg:.4f}, concordance on unseen films {concordance(net):.3f}")
