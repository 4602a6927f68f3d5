"""Extreme learning machine: fixed random Fourier features, only the linear read-out is trained (two moons)."""
import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(0)
x, y = make_moons(1500, noise=0.15, random_state=0)
x = torch.tensor((x - x.mean(0)) / x.std(0)).float()
y = torch.tensor(y).float()


class RandomFeatures(nn.Module):
    def __init__(self, n_in, n_feat=300, gamma=1.5):
        super().__init__()
        self.proj = nn.Linear(n_in, n_feat)
        nn.init.normal_(self.proj.weight, std=gamma)
        nn.init.uniform_(self.proj.bias, 0, 6.2832)
        for p in self.parameters():
            p.requires_grad = False

    def forward(self, x):
        return torch.cos(self.proj(x))


model = nn.Sequential(RandomFeatures(2), nn.Linear(300, 1))
opt = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.01, weight_decay=1e-4)
crit = nn.BCEWithLogitsLoss()
for epoch in range(1, 31):
    total = 0.0
    for idx in torch.randperm(1200).split(40):
        loss = crit(model(x[idx]).squeeze(1), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    if epoch % 5 == 0:
        with torch.no_grad():
            acc = ((model(x[1200:]).squeeze(1) > 0) == y[1200:].bool()).float().mean()
        print(f"epoch {epoch:2d} loss {total:.4f} test accuracy {acc:.3f}")
