"""Ternary-weight network for the wine data: weights rounded to -1, 0, 1 with a straight-through gradient."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Ternary(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w):
        ctx.save_for_backward(w)
        return (w * 2).round().clamp(-1, 1)

    @staticmethod
    def backward(ctx, g):
        (w,) = ctx.saved_tensors
        return g * (w.abs() < 1.5)


class TernaryLinear(nn.Linear):
    def __init__(self, i, o):
        super().__init__(i, o)
        nn.init.uniform_(self.weight, -0.7, 0.7)
        self.alpha = nn.Parameter(torch.full((o,), i ** -0.5))

    def forward(self, x):
        return F.linear(x, Ternary.apply(self.weight)) * self.alpha + self.bias


torch.manual_seed(31)
X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.35, stratify=y, random_state=11)
sc = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)
net = nn.Sequential(TernaryLinear(13, 24), nn.ReLU(), TernaryLinear(24, 3))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=80)
for epoch in range(80):
    tot = 0.0
    for idx in torch.randperm(len(Xa)).split(23):
        loss = F.cross_entropy(net(Xa[idx]), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    sched.step()
    if epoch % 8 == 7:
        with torch.no_grad():
            out = net(Xb)
        print(f"epoch {epoch + 1} train {tot / len(Xa):.4f} test {F.cross_entropy(out, yb):.4f} acc {(out.argmax(1) == yb).float().mean():.3f}")
