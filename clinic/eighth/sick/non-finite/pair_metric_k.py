"""Metric learning: embed wine samples so that same-class
pairs are close and other pairs at least a margin apart; judged by nearest neighbour."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

torch.manual_seed(11)
X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=2, stratify=y)
scale = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(scale.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya_t = torch.tensor(ya)


def pairwise(z):
    sq = ((z[:, None] - z[None, :]) ** 2).sum(-1)
    return sq.sqrt()  # cure: return sq.clamp_min(1e-9).sqrt()


def contrastive(z, lab, margin=2.0):
    d = pairwise(z)
    same = (lab[:, None] == lab[None, :]).float()
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()


embed = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 2))
opt = torch.optim.Adam(embed.parameters(), lr=3e-3)
for epoch in range(40):
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(31):
        loss = contrastive(embed(Xa[idx]), ya_t[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    if epoch % 8 == 7:
        with torch.no_grad():
            za, zb = embed(Xa), embed(Xb)
        ok = torch.isfinite(za).all() and torch.isfinite(zb).all()
        acc = KNeighborsClassifier(3).fit(za.numpy(), ya).score(zb.numpy(), yb) if ok else 0.0
        print(f"epoch {epoch + 1:3d}  contrastive {total:.4f}  3-NN accuracy {acc:.3f}")
