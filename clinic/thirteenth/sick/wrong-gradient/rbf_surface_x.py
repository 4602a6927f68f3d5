"""Radial basis function network with an own kernel operation, fitted to a terrain map."""
import torch


class Gauss(torch.autograd.Function):
    """exp(-beta |x - c|^2) for all pairs of samples and centres."""

    @staticmethod
    def forward(ctx, x, c, beta):
        diff = x[:, None, :] - c[None]
        phi = torch.exp(-beta * diff.pow(2).sum(-1))
        ctx.save_for_backward(diff, phi, beta)
        return phi

    @staticmethod
    def backward(ctx, grad):
        diff, phi, beta = ctx.saved_tensors
        g = grad * phi
        grad_c = -2 * (beta * g).unsqueeze(-1) * diff  # cure: grad_c = 2 * (beta * g).unsqueeze(-1) * diff
        grad_beta = (g * -diff.pow(2).sum(-1)).sum(0)
        return None, grad_c.sum(0), grad_beta


class RBFNet(torch.nn.Module):
    def __init__(self, k):
        super().__init__()
        self.centres = torch.nn.Parameter(torch.randn(k, 2))
        self.log_beta = torch.nn.Parameter(torch.zeros(k))
        self.head = torch.nn.Linear(k, 1)

    def forward(self, x):
        return self.head(Gauss.apply(x, self.centres, self.log_beta.exp())).squeeze(1)


def terrain(p):
    a, b = p[:, 0], p[:, 1]
    return torch.sin(2 * a) * torch.cos(1.5 * b) + 0.5 * torch.exp(-((a - 1) ** 2 + (b + 1) ** 2) * 3)


torch.manual_seed(2)
x = torch.rand(2000, 2) * 3.4 - 1.7
y = terrain(x) + 0.02 * torch.randn(2000)
xv = torch.rand(500, 2) * 3.4 - 1.7
yv = terrain(xv)
net = RBFNet(24)
optim = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(61):
    for idx in torch.randperm(2000).split(50):
        optim.zero_grad()
        loss = (net(x[idx]) - y[idx]).square().mean()
        loss.backward()
        optim.step()
    if epoch % 10 == 0:
        with torch.no_grad():
            print(f"{epoch:4d}  train {(net(x) - y).square().mean():.5f}  valid {(net(xv) - yv).square().mean():.5f}")
