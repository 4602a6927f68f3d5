"""Upper demand forecast: learn the 0.9 quantile of a heteroscedastic target."""
import argparse
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Pinball(torch.autograd.Function):
    """Mean pinball loss; the subgradient is written out so that it is defined at zero."""

    @staticmethod
    def forward(ctx, pred, target, q):
        err = target - pred
        ctx.save_for_backward(err)
        ctx.q = q
        return torch.maximum(q * err, (q - 1) * err).mean()

    @staticmethod
    def backward(ctx, grad_out):
        err, = ctx.saved_tensors
        slope = torch.where(err > 0, -(1 - ctx.q), ctx.q)  # cure: slope = torch.where(err > 0, -ctx.q, 1 - ctx.q)
        return grad_out * slope / err.numel(), None, None


def demand(n, rng):
    hour = rng.uniform(0, 24, n)
    temp = rng.normal(15, 8, n)
    feats = np.stack([np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12), (temp - 15) / 8], 1)
    mean = 3 + np.sin(hour * np.pi / 12) + 0.03 * (temp - 15) ** 2 / 8
    scale = 0.3 + 0.4 * (feats[:, 0] > 0)
    y = mean + scale * rng.normal(size=n)
    return torch.tensor(feats, dtype=torch.float32), torch.tensor((y - 3.3) / 1.1, dtype=torch.float32)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--q", type=float, default=0.9)
    ap.add_argument("--epochs", type=int, default=24)
    ap.add_argument("--lr", type=float, default=2e-3)
    args = ap.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    train, valid = TensorDataset(*demand(3000, rng)), demand(1000, rng)
    loader = DataLoader(train, batch_size=60, shuffle=True)
    net = nn.Sequential(nn.Linear(3, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for ep in range(args.epochs):
        tot = 0.0
        for x, y in loader:
            loss = Pinball.apply(net(x).squeeze(1), y, args.q)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(x)
        with torch.no_grad():
            p = net(valid[0]).squeeze(1)
            vl = Pinball.apply(p, valid[1], args.q).item()
            cover = (valid[1] <= p).float().mean().item()
        if ep % 3 == 2:
            print(f"epoch {ep + 1:2d} pinball {tot / len(train):.4f} valid {vl:.4f} share below {cover:.3f}")
