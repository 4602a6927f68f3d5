"""Unrolled sparse coding (LISTA) of spectral lines, with a soft threshold written as an autograd function."""
import torch
from torch import nn


class SoftThreshold(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, theta):
        keep = x.abs() > theta
        ctx.save_for_backward(keep, x.sign())
        return torch.where(keep, x - x.sign() * theta, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, g):
        keep, sign = ctx.saved_tensors
        gx = g * keep
        return gx, (-gx * sign).sum(0)


class LISTA(nn.Module):
    def __init__(self, dictionary, layers=5):
        super().__init__()
        n_obs, n_atoms = dictionary.shape
        step = 1 / torch.linalg.matrix_norm(dictionary, 2) ** 2
        self.inject = nn.Parameter(step * dictionary.T.clone())
        self.mix = nn.Parameter(torch.eye(n_atoms) - step * dictionary.T @ dictionary)
        self.theta = nn.ParameterList(nn.Parameter(torch.full((n_atoms,), 0.05)) for _ in range(layers))

    def forward(self, y):
        b = y @ self.inject.T
        z = SoftThreshold.apply(b, self.theta[0])
        for theta in self.theta[1:]:
            z = SoftThreshold.apply(z @ self.mix.T + b, theta)
        return z


def sample(n, dictionary):
    code = torch.randn(n, dictionary.shape[1]) * (torch.rand(n, dictionary.shape[1]) < 0.06)
    return code @ dictionary.T + 0.01 * torch.randn(n, dictionary.shape[0]), code


def main():
    torch.manual_seed(2)
    dictionary = nn.functional.normalize(torch.randn(32, 64), dim=0)
    yv, cv = sample(1000, dictionary)
    net = LISTA(dictionary)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    nmse = lambda z, c: 10 * torch.log10(((z - c) ** 2).sum() / (c ** 2).sum()).item()
    for step in range(1, 2401):
        y, code = sample(128, dictionary)
        z = net(y)
        loss = ((z - code) ** 2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step == 1 or step % 240 == 0:
            with torch.no_grad():
                zv = net(yv)
            print(f"step {step:4d}  loss {loss.item():.4f}  valid {nmse(zv, cv):.2f} dB  zeros {(zv == 0).float().mean():.2f}")


main()
