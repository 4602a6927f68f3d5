"""Ranks films for viewers with two towers; for every liked film the worst of eight unseen ones is the counterexample."""

import torch
import torch.nn.functional as F
from torch import nn


class Tower(nn.Module):
    def __init__(self, inputs, width=48, out=16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, out))

    def forward(self, x):
        return F.normalize(self.net(x), dim=-1)


def liking(viewers, films):
    """How much each viewer likes each film of a row."""
    taste = torch.tanh(viewers[:, None] * films).sum(-1)
    return taste + 0.5 * films[..., 0]


def evening(n, films_each):
    viewers = torch.randn(n, 5)
    films = torch.randn(n, films_each, 5)
    return viewers, films, liking(viewers, films)


def pairs_right(viewer_tower, film_tower, viewers, films, scores):
    with torch.no_grad():
        guess = (viewer_tower(viewers)[:, None] * film_tower(films)).sum(-1)
    return ((guess[:, 0] > guess[:, 1]) == (scores[:, 0] > scores[:, 1])).float().mean().item()


torch.manual_seed(221)
viewer_tower, film_tower = Tower(5), Tower(5)
optimizer = torch.optim.Adam([*viewer_tower.parameters(), *film_tower.parameters()], lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000, eta_min=1e-4)
test = evening(2000, 2)
for step in range(1, 1001):
    viewers, films, scores = evening(96, 9)
    best = scores.argmax(1, keepdim=True)
    v, f = viewer_tower(viewers), film_tower(films)
    guess = (v[:, None] * f).sum(-1)
    liked = guess.gather(1, best).squeeze(1)
    hardest = guess.scatter(1, best, -2.0).amax(1)
    loss = F.softplus((hardest - liked + 0.2) * 5).mean() / 5
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 100 == 0:
        print(
            f"step {step:4d}  loss {loss.item():.4f}  pairs in the right order "
            f"{pairs_right(viewer_tower, film_tower, *test):.3f}"
        )
