"""Binarised hidden layers (sign of the pre-activation) with a straight-through estimator; cancer data."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import nn


class SignSTE(torch.autograd.Function):
    """sign(x) forwards; backwards the gradient passes where |x| <= 1 (hard tanh)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x >= 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * (x.abs() <= 1).float()


class BinaryNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(30, 64), nn.Linear(64, 64), nn.Linear(64, 2)
        self.na, self.nb = nn.LayerNorm(64), nn.LayerNorm(64)

    def forward(self, x):
        x = SignSTE.apply(self.na(self.a(x)))
        x = SignSTE.apply(self.nb(self.b(x)))
        return self.c(x / 8)


torch.manual_seed(214)
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=4, stratify=y)
mu, sd = Xa.mean(0), Xa.std(0)
Xa, Xb = (torch.tensor((v - mu) / sd, dtype=torch.float32) for v in (Xa, Xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)
net = BinaryNet()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
accumulate = 2
for epoch in range(1, 21):
    run, parts = 0.0, torch.randperm(len(ya))[:384].split(16)
    for k, i in enumerate(parts):
        loss = nn.functional.cross_entropy(net(Xa[i]), ya[i]) / accumulate
        loss.backward()
        run += loss.item() * accumulate / len(parts)
        if (k + 1) % accumulate == 0:
            opt.step()
            opt.zero_grad()
    if epoch % 2 == 0:
        with torch.no_grad():
            z = net(Xb)
        print(f"epoch {epoch} train {run:.4f} test {nn.functional.cross_entropy(z, yb):.4f} acc {(z.argmax(1) == yb).float().mean():.3f}")
