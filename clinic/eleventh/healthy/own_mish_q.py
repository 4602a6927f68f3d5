"""A memory-saving Mish activation as an autograd.Function, checked with gradcheck and used in a small convolutional net."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class MishFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.tanh(F.softplus(x))

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        th = torch.tanh(F.softplus(x))
        return grad * (th + x * torch.sigmoid(x) * (1 - th * th))


class Mish(nn.Module):
    def forward(self, x):
        return MishFn.apply(x)


assert torch.autograd.gradcheck(MishFn.apply, torch.randn(20, dtype=torch.double, requires_grad=True))
torch.manual_seed(5)
data = load_digits()
x = torch.tensor(data.images).float()[:, None] / 8 - 1
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
tr, te = perm[:1350], perm[1350:]
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), Mish(), nn.AvgPool2d(2), nn.Conv2d(16, 32, 3), Mish(), nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for epoch in range(1, 9):
    total = 0.0
    for idx in tr[torch.randperm(len(tr))].split(45):
        loss = F.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    with torch.no_grad():
        acc = (net(x[te]).argmax(1) == y[te]).float().mean()
    print(f"epoch {epoch} loss {total:.4f} test acc {acc:.3f}")
