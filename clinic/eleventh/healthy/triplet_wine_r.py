"""Metric learning on wine with semi-hard triplets; the embedding is judged by its nearest neighbours."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler


class Embedder(nn.Module):
    def __init__(self, d, out=3):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, out))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


def batch_hard(z, y, margin=0.3):
    d = torch.cdist(z, z)
    same = y.unsqueeze(0) == y.unsqueeze(1)
    far_friend = d.masked_fill(~same, -1.0).amax(1)
    near_stranger = d.masked_fill(same, 9.0).amin(1)
    return F.relu(far_friend - near_stranger + margin)


torch.manual_seed(11)
X, y = load_wine(return_X_y=True)
xa, xb, ya, yb = train_test_split(X, y, test_size=0.3, stratify=y, random_state=11)
sc = StandardScaler().fit(xa)
xa, xb = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (xa, xb))
ya = torch.tensor(ya)
model = Embedder(13)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
for epoch in range(1, 41):
    model.train()
    losses, active = [], []
    for idx in torch.randperm(len(xa)).split(31):
        hinge = batch_hard(model(xa[idx] + 0.1 * torch.randn(len(idx), 13)), ya[idx])
        loss = hinge.mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
        active.append((hinge > 0).float().mean().item())
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            knn = KNeighborsClassifier(5).fit(model(xa).numpy(), ya.numpy())
            acc = knn.score(model(xb).numpy(), yb)
        print(f"epoch {epoch:2d} loss {sum(losses) / 4:.4f} active triplets {sum(active) / 4:.2f} kNN accuracy {acc:.3f}")
