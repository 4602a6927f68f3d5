"""Regression with a memory-saving activation written as autograd.Function (x * sigmoid(x), recomputed in backward)."""
import torch
from torch import nn
from sklearn.datasets import make_friedman2


class LeanSwish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * s * (1 + x * (1 - s))


class GradScale(torch.autograd.Function):
    """Logs the size of the gradient that passes, changes nothing."""
    seen = []

    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        GradScale.seen.append(grad.norm().item())
        return grad


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 48), nn.Linear(48, 48), nn.Linear(48, 1)

    def forward(self, x):
        h = LeanSwish.apply(self.a(x))
        h = GradScale.apply(h)
        return self.c(LeanSwish.apply(self.b(h)))


torch.manual_seed(3)
X, y = make_friedman2(3000, noise=20.0, random_state=3)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float()
y = torch.tensor((y - y.mean()) / y.std()).float().view(-1, 1)
net = Net()
opt = torch.optim.NAdam(net.parameters(), lr=3e-3)
for epoch in range(15):
    for i in torch.randperm(2400).split(60):
        loss = nn.functional.mse_loss(net(X[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        r2 = 1 - nn.functional.mse_loss(net(X[2400:]), y[2400:]) / y[2400:].var()
    print(f"epoch {epoch + 1:2d} R2 {r2:.4f}  gradient after layer a {sum(GradScale.seen[-40:]) / 40:.2e}")
