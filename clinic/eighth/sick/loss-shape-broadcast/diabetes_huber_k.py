"""Diabetes progression with a small net and a robust (pseudo-Huber) loss."""
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split


def pseudo_huber(pred, target, delta=1.0):
    r = (pred - target) / delta
    return (delta ** 2 * (torch.sqrt(1 + r ** 2) - 1)).mean()


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Linear(10, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, x):
        return self.f(x)  # cure: return self.f(x).squeeze(-1)


torch.manual_seed(0)
X, y = load_diabetes(return_X_y=True, scaled=False)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0)
mu, sd, my, sy = Xa.mean(0), Xa.std(0), ya.mean(), ya.std()
Xa, Xb = (torch.tensor((v - mu) / sd, dtype=torch.float32) for v in (Xa, Xb))
ya, yb = (torch.tensor((v - my) / sy, dtype=torch.float32) for v in (ya, yb))
net = Regressor()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
for epoch in range(1, 31):
    tot = 0.0
    for i in torch.randperm(len(Xa)).split(32):
        loss = pseudo_huber(net(Xa[i]), ya[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i) / len(Xa)
    if epoch % 3 == 0:
        with torch.no_grad():
            corr = torch.corrcoef(torch.stack([net(Xb).flatten(), yb]))[0, 1]
            mae = (net(Xb).flatten() - yb).abs().mean() * sy
        print(f"epoch {epoch} loss {tot:.4f} test mae {mae:.2f} correlation {corr:.3f}")
