"""Own autograd function (softsign, backward written out and checked with gradcheck) in an iris classifier; LBFGS closes."""
import torch
from sklearn.datasets import load_iris
from torch import nn


class Softsign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        denom = 1 + x.abs()
        ctx.save_for_backward(denom)
        return x / denom

    @staticmethod
    def backward(ctx, grad):
        (denom,) = ctx.saved_tensors
        return grad / denom ** 2


class Act(nn.Module):
    def forward(self, x):
        return Softsign.apply(x)


torch.manual_seed(22)
assert torch.autograd.gradcheck(Softsign.apply, torch.randn(4, 3, dtype=torch.double, requires_grad=True))
iris = load_iris()
x, y = torch.tensor(iris.data, dtype=torch.float32), torch.tensor(iris.target)
perm = torch.randperm(150)
x, y = x[perm], y[perm]
x = (x - x[:110].mean(0)) / x[:110].std(0)
net = nn.Sequential(nn.Linear(4, 12), Act(), nn.Linear(12, 3))
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=4, history_size=10)
ce = nn.CrossEntropyLoss()


def closure():
    opt.zero_grad()
    loss = ce(net(x[:110]), y[:110]) + 3e-3 * sum(p.pow(2).sum() for p in net.parameters())
    loss.backward()
    return loss


for it in range(25):
    loss = opt.step(closure)
    with torch.no_grad():
        out = net(x[110:])
    if it % 2 == 0:
        print(f"iteration {it:2d} penalised loss {loss.item():.4f} test loss {ce(out, y[110:]).item():.4f} acc {(out.argmax(1) == y[110:]).float().mean().item():.3f}")
