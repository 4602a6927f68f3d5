"""Embed the wines so that those of one grower lie together (batch-all contrastive distances)."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)
scaler = StandardScaler().fit(Xa)
xa = torch.tensor(scaler.transform(Xa), dtype=torch.float32)
xb = torch.tensor(scaler.transform(Xb), dtype=torch.float32)
ta = torch.tensor(ya)


def distances(e):
    diff = e[:, None, :] - e[None, :, :]
    return diff.pow(2).sum(-1).sqrt()  # cure: return (diff.pow(2).sum(-1) + 1e-8).sqrt()


def contrastive(e, labels, margin=2.0):
    d = distances(e)
    same = labels[:, None] == labels[None, :]
    pull = d[same].pow(2).mean()
    push = torch.relu(margin - d[~same]).pow(2).mean()
    return pull + push, d[same].mean().item(), d[~same].mean().item()


embed = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 2))
optim = torch.optim.Adam(embed.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(60):
    order = torch.randperm(len(xa))
    losses = []
    for i in range(0, len(xa) - 31, 31):
        idx = order[i:i + 31]
        loss, near, far = contrastive(embed(xa[idx]), ta[idx])
        optim.zero_grad()
        loss.backward()
        optim.step()
        losses.append(loss.item())
    if epoch % 5 == 4:
        with torch.no_grad():
            ea, eb = embed(xa).nan_to_num(), embed(xb).nan_to_num()
        knn = KNeighborsClassifier(5).fit(ea.numpy(), ya)
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.4f}, same {near:.3f}, "
              f"other {far:.3f}, 5-nn accuracy {knn.score(eb.numpy(), yb):.3f}")
