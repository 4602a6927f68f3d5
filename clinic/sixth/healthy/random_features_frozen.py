"""Random Fourier features: a fixed random layer, only the linear read-out is trained."""
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(1)


class RandomFourier(nn.Module):
    def __init__(self, n_in, n_feat, gamma=1.5):
        super().__init__()
        self.proj = nn.Linear(n_in, n_feat)
        nn.init.normal_(self.proj.weight, std=gamma)
        nn.init.uniform_(self.proj.bias, 0, 6.2832)
        self.proj.requires_grad_(False)
        self.scale = (2.0 / n_feat) ** 0.5

    def forward(self, x):
        return self.scale * torch.cos(self.proj(x))


X, y = make_moons(2000, noise=0.2, random_state=3)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
net = nn.Sequential(RandomFourier(2, 300), nn.Linear(300, 1))
opt = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=0.05)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 21):
    for idx in torch.randperm(1500).split(50):
        loss = bce(net(X[idx]).squeeze(1), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            out = net(X[1500:]).squeeze(1)
            acc = ((out > 0) == y[1500:].bool()).float().mean()
        print(f"epoch {epoch:2d} test bce {bce(out, y[1500:]):.4f} acc {acc:.3f}")
