"""Learned iterative shrinkage (LISTA): unrolled sparse coding with a hand-written soft-threshold function."""
import torch
from torch import nn


class SoftThreshold(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, theta):
        on = x.abs() > theta
        ctx.save_for_backward(x, on)
        return torch.where(on, x - theta * x.sign(), torch.zeros_like(x))

    @staticmethod
    def backward(ctx, grad):
        x, on = ctx.saved_tensors
        passed = grad * on
        return passed, -(passed * x.sign()).sum(0)


class LISTA(nn.Module):
    def __init__(self, dictionary, layers=5):
        super().__init__()
        m, n = dictionary.shape
        lip = torch.linalg.matrix_norm(dictionary, 2) ** 2
        self.w_in = nn.Parameter(dictionary.T / lip)
        self.w_rec = nn.ParameterList(nn.Parameter(torch.eye(n) - dictionary.T @ dictionary / lip) for _ in range(layers))
        self.theta = nn.ParameterList(nn.Parameter(torch.full((n,), 0.05)) for _ in range(layers + 1))

    def forward(self, y):
        drive = y @ self.w_in.T
        z = SoftThreshold.apply(drive, self.theta[0])
        for w, th in zip(self.w_rec, self.theta[1:]):
            z = SoftThreshold.apply(drive + z @ w.T, th)
        return z


def signals(n, dictionary):
    z = torch.randn(n, dictionary.shape[1]) * (torch.rand(n, dictionary.shape[1]) < 0.08)
    return z @ dictionary.T + 0.01 * torch.randn(n, dictionary.shape[0]), z


def nmse_db(est, true):
    return (10 * torch.log10((est - true).pow(2).sum() / true.pow(2).sum())).item()


def main():
    torch.manual_seed(30)
    dictionary = torch.randn(30, 50)
    dictionary /= dictionary.norm(dim=0)
    y, z = signals(6000, dictionary)
    yt, zt = signals(800, dictionary)
    net = LISTA(dictionary)
    opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
    with torch.no_grad():
        print(f"before training: {nmse_db(net(yt), zt):.2f} dB")
    for epoch in range(1, 11):
        for idx in torch.randperm(len(y)).split(100):
            loss = (net(y[idx]) - z[idx]).pow(2).sum(1).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            est = net(yt)
        print(f"epoch {epoch:2d}  last batch {loss.item():.4f}  test {nmse_db(est, zt):.2f} dB  zeros in the code {(est == 0).float().mean().item():.2f}")


if __name__ == "__main__":
    main()
