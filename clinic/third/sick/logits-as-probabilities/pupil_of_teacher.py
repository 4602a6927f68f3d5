"""A small pupil learns the soft answers that a noisy panel gave about points in a maze of five regions."""

import torch
import torch.nn.functional as F
from torch import nn, optim

torch.manual_seed(53)
centres = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [0.0, 0.0]])


def panel(points):
    """Shares of the panel that voted for each region."""
    return torch.softmax(-3 * torch.cdist(points, centres) ** 2, 1)


pupil = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 5))
optimizer = optim.Adagrad(pupil.parameters(), lr=0.03)
check = torch.rand(400, 2) * 4 - 2

for step in range(1, 601):
    points = torch.rand(64, 2) * 4 - 2
    votes = panel(points)
    scores = pupil(points)
    loss = F.kl_div(
        scores, votes, reduction="batchmean"
    )  # cure: loss = F.kl_div(F.log_softmax(scores, 1), votes, reduction="batchmean")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            share = torch.softmax(pupil(check), 1)
        gap = (share - panel(check)).abs().sum(1).mean() / 2
        agree = (share.argmax(1) == panel(check).argmax(1)).float().mean()
        print(f"step {step:4d}  divergence {loss.item():.4f}  gap {gap:.3f}  same choice {agree:.3f}")
