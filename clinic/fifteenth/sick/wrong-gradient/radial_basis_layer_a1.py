"""A radial basis function network whose layer is an autograd Function (saves memory for many centres)."""
import argparse

import torch
from torch import nn


class RadialBasis(torch.autograd.Function):
    """phi[n, k] = exp(-beta_k * |x_n - c_k|^2)"""

    @staticmethod
    def forward(ctx, x, centres, log_beta):
        diff = x[:, None, :] - centres[None, :, :]
        squared = (diff ** 2).sum(-1)
        phi = torch.exp(-log_beta.exp() * squared)
        ctx.save_for_backward(diff, squared, phi, log_beta)
        return phi

    @staticmethod
    def backward(ctx, grad):
        diff, squared, phi, log_beta = ctx.saved_tensors
        beta = log_beta.exp()
        common = (grad * phi * beta)[:, :, None] * 2 * diff
        grad_x = -common.sum(1)
        grad_centres = -common.sum(0)  # cure: grad_centres = common.sum(0)
        grad_log_beta = -(grad * phi * squared).sum(0) * beta
        return grad_x, grad_centres, grad_log_beta


class RBFNet(nn.Module):
    def __init__(self, n_in, n_centres, n_out):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(n_centres, n_in))
        self.log_beta = nn.Parameter(torch.zeros(n_centres))
        self.out = nn.Linear(n_centres, n_out)

    def forward(self, x):
        return self.out(RadialBasis.apply(x, self.centres, self.log_beta))


def landscape(n):
    x = torch.randn(n, 2)
    y = torch.sin(2 * x[:, 0]) * torch.cos(1.5 * x[:, 1]) + 0.3 * x[:, 0] + 0.05 * torch.randn(n)
    return x, y.unsqueeze(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--centres", type=int, default=30)
    parser.add_argument("--epochs", type=int, default=40)
    args = parser.parse_args()
    torch.manual_seed(35)
    x, y = landscape(2500)
    x_val, y_val = landscape(600)
    net = RBFNet(2, args.centres, 1)
    opt = torch.optim.Adam(net.parameters(), lr=1e-2)
    sched = torch.optim.lr_scheduler.StepLR(opt, 15, 0.4)
    for epoch in range(1, args.epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(50):
            loss = nn.functional.mse_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 4 == 0:
            with torch.no_grad():
                val = nn.functional.mse_loss(net(x_val), y_val).item()
            print(f"epoch {epoch:2d}  train mse {total / len(x):.4f}  val mse {val:.4f}")
