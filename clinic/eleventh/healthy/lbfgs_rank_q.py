"""Learning to rank: pairwise logistic loss on utility differences, optimised with L-BFGS and a strong Wolfe search."""
import torch
import torch.nn as nn

torch.manual_seed(15)
items = torch.randn(300, 6)
utility = items[:, 0] * 2 - (items[:, 1] - 0.5) ** 2 + torch.sin(2 * items[:, 2])


def comparisons(lo, hi, n):
    a, b = torch.randint(lo, hi, (n,)), torch.randint(lo, hi, (n,))
    keep = a != b
    a, b = a[keep], b[keep]
    a_wins = torch.rand(len(a)) < torch.sigmoid(3 * (utility[a] - utility[b]))
    return torch.where(a_wins, a, b), torch.where(a_wins, b, a)


win, lose = comparisons(0, 240, 6000)
scorer = nn.Sequential(nn.Linear(6, 24), nn.Tanh(), nn.Linear(24, 1, bias=False))
opt = torch.optim.LBFGS(scorer.parameters(), lr=1.0, max_iter=5, history_size=10, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    s = scorer(items[:240]).squeeze(1)
    l2 = sum(p.pow(2).sum() for p in scorer.parameters())
    loss = nn.functional.softplus(s[lose] - s[win]).mean() + 3e-4 * l2
    loss.backward()
    return loss


def kendall(s, u):
    i, j = torch.triu_indices(len(s), len(s), 1)
    return (torch.sign(s[i] - s[j]) * torch.sign(u[i] - u[j])).mean().item()


for it in range(1, 31):
    loss = opt.step(closure)
    if it % 3 == 0:
        with torch.no_grad():
            tau = kendall(scorer(items[240:]).squeeze(1), utility[240:])
        print(f"iteration {it:2d} loss {loss.item():.4f} Kendall tau on new items {tau:.3f}")
