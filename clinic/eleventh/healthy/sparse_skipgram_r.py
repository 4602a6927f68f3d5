"""Item embeddings from shopping baskets: skip-gram with negative samples, sparse gradients and SparseAdam."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

N_ITEMS, N_GROUPS, DIM = 200, 10, 16
rng = np.random.default_rng(8)
group = torch.arange(N_ITEMS) % N_GROUPS


def pairs(n):
    """Two items of one basket; nine baskets out of ten hold a single group of goods."""
    a = rng.integers(N_ITEMS, size=n)
    same = rng.integers(N_ITEMS // N_GROUPS, size=n) * N_GROUPS + a % N_GROUPS
    b = np.where(rng.random(n) < 0.9, same, rng.integers(N_ITEMS, size=n))
    return torch.from_numpy(a), torch.from_numpy(b)


class SkipGram(nn.Module):
    def __init__(self):
        super().__init__()
        self.centre = nn.Embedding(N_ITEMS, DIM, sparse=True)
        self.context = nn.Embedding(N_ITEMS, DIM, sparse=True)
        for e in (self.centre, self.context):
            nn.init.uniform_(e.weight, -0.3, 0.3)

    def forward(self, a, b, negative):
        u = self.centre(a)
        pos = (u * self.context(b)).sum(1)
        neg = (u.unsqueeze(1) * self.context(negative)).sum(2)
        return -F.logsigmoid(pos).mean() - F.logsigmoid(-neg).mean(1).mean()


def purity(model, k=5):
    w = F.normalize(model.centre.weight.detach(), dim=1)
    sim = w @ w.T - 2 * torch.eye(N_ITEMS)
    return (group[sim.topk(k).indices] == group.unsqueeze(1)).float().mean().item()


torch.manual_seed(8)
model = SkipGram()
opt = torch.optim.SparseAdam(model.parameters(), lr=1e-2)
first, second = pairs(20000)
print(f"before: neighbours of the same group {purity(model):.3f}")
for epoch in range(6):
    total = 0.0
    for idx in torch.randperm(len(first)).split(200):
        loss = model(first[idx], second[idx], torch.randint(N_ITEMS, (len(idx), 5)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 100
    print(f"epoch {epoch} loss {total:.4f} neighbours of the same group {purity(model):.3f}")
