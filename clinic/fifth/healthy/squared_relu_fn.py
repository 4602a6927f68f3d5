"""Two-moons classifier with a hand-written squared-ReLU activation (own backward)."""
import torch
from sklearn.datasets import make_moons
from torch import nn
from torch.autograd import Function


class SquaredReLU(Function):
    @staticmethod
    def forward(ctx, x):
        pos = x.clamp(min=0)
        ctx.save_for_backward(pos)
        return pos * pos

    @staticmethod
    def backward(ctx, g):
        pos, = ctx.saved_tensors
        return 2 * g * pos


class SqReLU(nn.Module):
    def forward(self, x):
        return SquaredReLU.apply(x)


def tensors(n, seed):
    x, y = make_moons(n, noise=0.15, random_state=seed)
    return torch.tensor((x - [0.5, 0.25]) / [0.87, 0.5], dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


def main():
    torch.manual_seed(0)
    probe = torch.randn(6, dtype=torch.double, requires_grad=True)
    print("gradcheck:", torch.autograd.gradcheck(SquaredReLU.apply, (probe,)))
    x, y = tensors(2000, 1)
    xv, yv = tensors(600, 2)
    net = nn.Sequential(nn.Linear(2, 24), SqReLU(), nn.Linear(24, 24), SqReLU(), nn.Linear(24, 1), nn.Flatten(0))
    opt = torch.optim.NAdam(net.parameters(), lr=3e-3)
    for epoch in range(1, 31):
        run = 0.0
        for b in torch.randperm(len(x)).split(50):
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            run += loss.item() / 40
        if epoch % 3 == 0:
            with torch.no_grad():
                out = net(xv)
                vl = nn.functional.binary_cross_entropy_with_logits(out, yv)
            print(f"epoch {epoch:2d} loss {run:.4f} valid {vl:.4f} acc {((out > 0) == (yv > .5)).float().mean():.4f}")


main()
