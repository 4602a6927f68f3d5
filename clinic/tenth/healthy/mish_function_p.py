"""Wine quality classes with a hand-written Mish activation (own backward, checked against finite differences)."""
import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split


class MishFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.tanh(nn.functional.softplus(x))

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        t = torch.tanh(nn.functional.softplus(x))
        return g * (t + x * (1 - t * t) * torch.sigmoid(x))


class Mish(nn.Module):
    def forward(self, x):
        return MishFn.apply(x)


torch.manual_seed(102)
assert torch.autograd.gradcheck(MishFn.apply, torch.randn(20, dtype=torch.double, requires_grad=True))
x, y = load_wine(return_X_y=True)
xa, xb, ya, yb = train_test_split(x, y, test_size=0.35, random_state=0, stratify=y)
sc = StandardScaler().fit(xa)
xa, xb = (torch.tensor(sc.transform(v)).float() for v in (xa, xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)
net = nn.Sequential(nn.Linear(13, 20), Mish(), nn.Dropout(0.2), nn.Linear(20, 3))
opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=1e-3)
for epoch in range(30):
    net.train()
    tot = 0.0
    for b in torch.randperm(len(xa)).split(16):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xa[b]), ya[b])
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        z = net(xb)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1}: train {tot / len(xa):.4f} val {nn.functional.cross_entropy(z, yb):.4f} acc {(z.argmax(1) == yb).float().mean():.3f}")
