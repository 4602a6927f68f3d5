"""Memory-saving swish with its own backward pass, in a small network on the wave-and-bump surface."""
import torch
import torch.nn as nn


class SwishFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * (s + x * s * (1 - s))


class ClampedRound(torch.autograd.Function):
    """Rounds activations to 32 levels in [-2, 2]; straight-through inside the range."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x.clamp(-2, 2) * 8).round() / 8

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * (x.abs() <= 2)


class QuantNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(2, 64), nn.Linear(64, 32), nn.Linear(32, 1)

    def forward(self, p):
        h = SwishFn.apply(self.a(p))
        h = ClampedRound.apply(SwishFn.apply(self.b(h)))
        return self.c(h).squeeze(1)


torch.manual_seed(41)
assert torch.autograd.gradcheck(SwishFn.apply, torch.randn(5, dtype=torch.double, requires_grad=True))
p = torch.rand(2000, 2) * 4 - 2
z = torch.sin(2 * p[:, 0]) + torch.exp(-4 * (p - 0.5).pow(2).sum(1))
net = QuantNet()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(30):
    for group in opt.param_groups:
        group["lr"] = 4e-3 * 0.92 ** epoch
    for i in torch.randperm(1600).split(40):
        loss = (net(p[i]) - z[i]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(f"epoch {epoch + 1}: train {loss.item():.4f} test {(net(p[1600:]) - z[1600:]).pow(2).mean().item():.4f} (variance {z.var().item():.3f})")
