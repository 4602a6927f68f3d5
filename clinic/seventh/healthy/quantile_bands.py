"""Prediction bands by quantile regression (pinball loss): 5, 50 and 95 per cent of a heteroscedastic signal."""
import torch
from torch import nn

QUANTILES = torch.tensor([0.05, 0.5, 0.95])


class Bands(nn.Module):
    """Median plus two positive widths, so that the curves can't cross."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 3))

    def forward(self, x):
        m, lo, hi = self.net(x).chunk(3, -1)
        return torch.cat([m - nn.functional.softplus(lo), m, m + nn.functional.softplus(hi)], -1)


def pinball(q, y):
    d = y - q
    return torch.maximum(QUANTILES * d, (QUANTILES - 1) * d).mean()


def signal(n):
    x = 2 * torch.rand(n, 1) - 1
    y = torch.sin(4 * x) + (0.1 + 0.4 * x.abs()) * torch.randn(n, 1)
    return x, y


def main():
    torch.manual_seed(48)
    x, y = signal(3000)
    xv, yv = signal(2000)
    model = Bands()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    for epoch in range(1, 21):
        for idx in torch.randperm(len(x)).split(64):
            loss = pinball(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            for k, v in model.state_dict().items():
                ema[k].lerp_(v, 0.05)
        if epoch % 3 == 2 or epoch == 1:
            own = {k: v.clone() for k, v in model.state_dict().items()}
            model.load_state_dict(ema)
            with torch.no_grad():
                q = model(xv)
            inside = ((yv >= q[:, :1]) & (yv <= q[:, 2:])).float().mean().item()
            print(f"epoch {epoch:2d} pinball {pinball(q, yv).item():.4f} inside the 90% band {inside:.3f}")
            model.load_state_dict(own)


main()
