"""Sign-based optimiser (1-bit communication experiment) on the diabetes progression data."""
import torch
from torch import nn
from torch.optim import Optimizer
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler


class SignSGD(Optimizer):
    """Every worker sends only the sign of its gradient, the step has the same length in each coordinate."""

    def __init__(self, params, lr=1e-2):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad.sign(), alpha=-group["lr"])


def prepare():
    d = load_diabetes()
    x = StandardScaler().fit_transform(d.data)
    y = (d.target - d.target.mean()) / d.target.std()
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    return x[order[:340]], y[order[:340]], x[order[340:]], y[order[340:]]


def main():
    torch.manual_seed(0)
    x, y, xv, yv = prepare()
    model = nn.Sequential(nn.Linear(10, 8), nn.Tanh(), nn.Linear(8, 1))
    opt = SignSGD(model.parameters(), lr=0.12)
    # cure: sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 120)
    for epoch in range(120):
        loss = nn.functional.mse_loss(model(x).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        # cure: sched.step()
        if epoch % 8 == 7 or epoch > 113:
            with torch.no_grad():
                v = nn.functional.mse_loss(model(xv).squeeze(1), yv).item()
            print(f"round {epoch + 1:3d}  mse {loss.item():.4f}  validation {v:.4f}")


if __name__ == "__main__":
    main()
