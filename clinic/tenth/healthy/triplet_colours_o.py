"""Metric learning: colours named alike by (synthetic) people come close together; triplets that are fine already cost nothing."""
import colorsys
import random
import torch
from torch import nn

random.seed(2)
torch.manual_seed(2)
NAMES = 9


def colour():
    h, s, v = random.random(), random.uniform(0.5, 1), random.uniform(0.4, 1)
    return colorsys.hsv_to_rgb(h, s, v), int(((h + 0.06) % 1.0) * NAMES)


rgb, name = zip(*(colour() for _ in range(1800)))
x, name = torch.tensor(rgb) * 2 - 1, torch.tensor(name)
xt, nt, xv, nv = x[:1300], name[:1300], x[1300:], name[1300:]
members = [(nt == k).nonzero().flatten() for k in range(NAMES)]
embed = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
opt = torch.optim.Adam(embed.parameters(), lr=2e-3)
triplet = nn.TripletMarginLoss(margin=0.5)


def unit(v):
    return nn.functional.normalize(embed(v), dim=1)


def silhouette():
    with torch.no_grad():
        centres = torch.stack([unit(xt[m]).mean(0) for m in members])
        return (torch.cdist(unit(xv), centres).argmin(1) == nv).float().mean().item()


for step in range(1, 701):
    anchor = torch.randint(len(xt), (64,))
    pos = torch.stack([random.choice(members[k]) for k in nt[anchor].tolist()])
    neg = torch.stack([random.choice(members[random.choice([j for j in range(NAMES) if j != k])]) for k in nt[anchor].tolist()])
    loss = triplet(unit(xt[anchor]), unit(xt[pos]), unit(xt[neg]))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"step {step}: loss {loss.item():.4f}, nearest centre right {silhouette():.3f}")
