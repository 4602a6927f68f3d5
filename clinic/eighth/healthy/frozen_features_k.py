"""Random Fourier features stay fixed, only the linear read-out is trained (a kernel machine by SGD)."""
import math
import torch
from torch import nn
from sklearn.datasets import make_circles


class RandomFeatures(nn.Module):
    def __init__(self, n_in, n_out, gamma=1.5):
        super().__init__()
        self.proj = nn.Linear(n_in, n_out)
        nn.init.normal_(self.proj.weight, std=gamma)
        nn.init.uniform_(self.proj.bias, 0, 2 * math.pi)
        for p in self.parameters():
            p.requires_grad = False

    def forward(self, x):
        return math.sqrt(2) * torch.cos(self.proj(x))


torch.manual_seed(0)
X, y = make_circles(3000, noise=0.08, factor=0.6, random_state=0)
X, y = torch.tensor(X / X.std(0), dtype=torch.float32), torch.tensor(y)
Xt, yt, Xv, yv = X[:2400], y[:2400], X[2400:], y[2400:]
model = nn.Sequential(RandomFeatures(2, 200), nn.Linear(200, 2))
nn.init.zeros_(model[1].weight)
opt = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05, momentum=0.9)
for epoch in range(10):
    s = 0.0
    for i in torch.randperm(2400).split(60):
        loss = nn.functional.cross_entropy(model(Xt[i]), yt[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 40
    with torch.no_grad():
        acc = (model(Xv).argmax(1) == yv).float().mean()
    print(f"epoch {epoch + 1} loss {s:.4f} accuracy {acc:.3f}")
