"""Gated convolutional network on synthetic breathing traces: normal, shallow, or with pauses."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class GLU(torch.autograd.Function):
    """a * sigmoid(b), fused so that only a and the gate are kept."""

    @staticmethod
    def forward(ctx, a, b):
        g = torch.sigmoid(b)
        ctx.save_for_backward(a, g)
        return a * g

    @staticmethod
    def backward(ctx, grad):
        a, g = ctx.saved_tensors
        return grad * a * g * (1 - g), grad * g  # cure: return grad * g, grad * a * g * (1 - g)


class GatedConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv1d(cin, 2 * cout, 5, padding=2, stride=2)

    def forward(self, x):
        a, b = self.conv(x).chunk(2, dim=1)
        return GLU.apply(a, b)


def traces(n, rng):
    t = np.linspace(0, 12, 96)
    kind = rng.integers(0, 3, n)
    rate, phase = rng.uniform(2.0, 3.2, (n, 1)), rng.uniform(0, 6.3, (n, 1))
    x = np.sin(rate * t + phase) * rng.uniform(0.8, 1.2, (n, 1))
    slow = 0.5 + 0.5 * np.sin(0.9 * t + rng.uniform(0, 6.3, (n, 1)))
    x[kind == 1] *= (0.45 + 0.75 * slow[kind == 1])
    x[kind == 2] *= (slow[kind == 2] > 0.35)
    x = x + 0.3 * rng.normal(size=x.shape)
    return torch.tensor((x / 0.75)[:, None], dtype=torch.float32), torch.tensor(kind)


def main():
    torch.manual_seed(8)
    rng = np.random.default_rng(8)
    (x, y), (xv, yv) = traces(2400, rng), traces(600, rng)
    net = nn.Sequential(GatedConv(1, 24), GatedConv(24, 32), GatedConv(32, 32),
                        nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(32, 3))
    opt = torch.optim.Adam(net.parameters(), lr=4e-3)
    for epoch in range(14):
        losses = []
        for b in torch.randperm(len(x)).split(64):
            loss = F.cross_entropy(net(x[b]), y[b])
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            out = net(xv)
        print("epoch %2d  loss %.3f  val loss %.3f  val acc %.3f" % (
            epoch, np.mean(losses), F.cross_entropy(out, yv), (out.argmax(1) == yv).float().mean()))


main()
