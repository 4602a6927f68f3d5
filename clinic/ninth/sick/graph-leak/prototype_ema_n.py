"""Prototype network on the digits: embeddings are pulled to running class centres, which classify at test time."""
import resource
import time
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class Centres:
    """Running mean embedding of every class."""

    def __init__(self, classes, dim, rate=0.05):
        self.value, self.rate = torch.zeros(classes, dim), rate

    def update(self, emb, y):
        hot = F.one_hot(y, len(self.value)).float()
        mean = hot.T @ emb / hot.sum(0).clamp(min=1).unsqueeze(1)  # cure: mean = hot.T @ emb.detach() / hot.sum(0).clamp(min=1).unsqueeze(1)
        here = (hot.sum(0) > 0).float().unsqueeze(1)
        self.value = self.value + self.rate * here * (mean - self.value)

    def nearest(self, emb):
        return torch.cdist(emb, self.value).argmin(1)


torch.manual_seed(35)
x, y = load_digits(return_X_y=True)
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
x = (x - x.mean()) / x.std()
perm = torch.randperm(len(x))
tr, te = perm[:1300], perm[1300:]

embed = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 16))
head = nn.Linear(16, 10)
centres = Centres(10, 16)
opt = torch.optim.Adam([*embed.parameters(), *head.parameters()], lr=1e-3)
step = 0
for epoch in range(12):
    t0 = time.perf_counter()
    for idx in tr[torch.randperm(len(tr))].split(25):
        e = embed(x[idx])
        loss = F.cross_entropy(head(e), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        centres.update(embed(x[idx]), y[idx])
        step += 1
    with torch.no_grad():
        acc = (centres.nearest(embed(x[te])) == y[te]).float().mean().item()
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"epoch {epoch + 1:2d} step {step} loss {loss.item():.4f} accuracy {acc:.3f} {time.perf_counter() - t0:.2f}s peak {mb:.0f} MB")
