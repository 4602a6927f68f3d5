"""A hand-written activation with its own backward pass, checked with gradcheck, in a regression network."""
import torch
import torch.nn as nn


class SquarePlus(torch.autograd.Function):
    """(x + sqrt(x^2 + b)) / 2, a smooth relative of the ReLU."""

    @staticmethod
    def forward(ctx, x, b):
        root = torch.sqrt(x * x + b)
        ctx.save_for_backward(x, root)
        return 0.5 * (x + root)

    @staticmethod
    def backward(ctx, grad):
        x, root = ctx.saved_tensors
        return grad * 0.5 * (1 + x / root), None


class Act(nn.Module):
    def __init__(self, b=0.1):
        super().__init__()
        self.b = b

    def forward(self, x):
        return SquarePlus.apply(x, self.b)


def target(x):
    return torch.exp(-x[:, 0] ** 2) + torch.sin(2 * x[:, 1]) * x[:, 0]


def main():
    torch.manual_seed(4)
    probe = torch.randn(5, 3, dtype=torch.double, requires_grad=True)
    print("gradcheck:", torch.autograd.gradcheck(lambda t: SquarePlus.apply(t, 0.5), probe))
    x = 3 * torch.rand(2000, 2) - 1.5
    y = target(x) + 0.05 * torch.randn(2000)
    xv = 3 * torch.rand(500, 2) - 1.5
    yv = target(xv)
    net = nn.Sequential(nn.Linear(2, 64), Act(), nn.Linear(64, 64), Act(), nn.Linear(64, 1), nn.Flatten(0))
    opt = torch.optim.RMSprop(net.parameters(), lr=2e-3)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.92)
    for epoch in range(30):
        total = 0.0
        for b in torch.randperm(2000).split(40):
            opt.zero_grad()
            loss = nn.functional.smooth_l1_loss(net(x[b]), y[b])
            loss.backward()
            opt.step()
            total += loss.item() / 50
        sched.step()
        if epoch % 5 == 4:
            with torch.no_grad():
                err = (net(xv) - yv).abs().mean().item()
            print(f"epoch {epoch + 1:2d} loss {total:.4f} mean abs error {err:.4f}")


main()
