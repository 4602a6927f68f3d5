"""Learning to rank with pairwise logistic loss and dropout; the scores have no absolute meaning. Evaluated in mid-epoch."""
import torch
from torch import nn

torch.manual_seed(0)
w = torch.randn(10)


def queries(n, docs=10):
    x = torch.randn(n, docs, 10)
    rel = torch.tanh(x @ w / 3) + 0.5 * x[..., 0] * x[..., 1] + 0.1 * torch.randn(n, docs)
    return x, rel


def pair_loss(s, rel):
    ds = s[:, :, None] - s[:, None, :]
    better = (rel[:, :, None] > rel[:, None, :]).float()
    return (better * nn.functional.softplus(-ds)).sum() / better.sum()


def kendall(s, rel):
    a = torch.sign(s[:, :, None] - s[:, None, :]) * torch.sign(rel[:, :, None] - rel[:, None, :])
    return (a.sum((1, 2)) / 90).mean().item()


scorer = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Dropout(0.05), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1, bias=False))
opt = torch.optim.Adam(scorer.parameters(), lr=2e-3)
x, rel = queries(1500)
xv, rv = queries(300)
step = 0
for epoch in range(8):
    for idx in torch.randperm(1500).split(25):
        scorer.train()
        loss = pair_loss(scorer(x[idx]).squeeze(-1), rel[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        if step % 40 == 0:
            scorer.eval()
            with torch.no_grad():
                s = scorer(xv).squeeze(-1)
            print(f"step {step} loss {loss.item():.4f} valid loss {pair_loss(s, rv):.4f} tau {kendall(s, rv):.3f}")
