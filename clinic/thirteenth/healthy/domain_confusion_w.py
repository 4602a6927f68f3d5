"""Domain-adversarial digits: labels only for normal scans, the features must not tell faded scans apart."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight):
        ctx.weight = weight
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.weight * grad, None


def main():
    torch.manual_seed(0)
    d = load_digits()
    x = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
    y = torch.tensor(d.target)
    p = torch.randperm(len(y))
    xs, ys = x[p[:700]], y[p[:700]]
    xt = 0.8 * x[p[700:1400]] + 0.15 + 0.2 * torch.randn(700, 64)
    xv, yv = 0.8 * x[p[1400:]] + 0.15 + 0.2 * torch.randn(len(p) - 1400, 64), y[p[1400:]]
    body = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
    label, domain = nn.Linear(32, 10), nn.Linear(32, 2)
    opt = torch.optim.Adam([*body.parameters(), *label.parameters(), *domain.parameters()], lr=1e-3)
    which = torch.cat([torch.zeros(50), torch.ones(50)]).long()
    for epoch in range(30):
        weight = min(1.0, epoch / 15) * 0.5
        sums = torch.zeros(2)
        for a, b in zip(torch.randperm(700).split(50), torch.randperm(700).split(50)):
            fs, ft = body(xs[a]), body(xt[b])
            task = F.cross_entropy(label(fs), ys[a])
            confusion = F.cross_entropy(domain(Reverse.apply(torch.cat([fs, ft]), weight)), which)
            opt.zero_grad()
            (task + confusion).backward()
            opt.step()
            sums += torch.tensor([task.item(), confusion.item()]) / 14
        with torch.no_grad():
            acc = (label(body(xv)).argmax(1) == yv).float().mean()
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1}: task {sums[0]:.4f}, domain {sums[1]:.4f} (chance 0.693), target accuracy {acc:.3f}")


main()
