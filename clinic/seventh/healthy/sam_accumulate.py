"""Wine cultivars with sharpness-aware minimisation: two backward passes, gradients accumulated over 4 micro-batches of 6."""
import torch
from torch import nn
from sklearn.datasets import load_wine


class SAM:
    """First climbs to the worst point in a small ball, then uses the gradient found there."""

    def __init__(self, params, base, rho=0.05):
        self.params, self.base, self.rho = list(params), base, rho

    @torch.no_grad()
    def climb(self):
        norm = torch.sqrt(sum((p.grad ** 2).sum() for p in self.params)) + 1e-12
        self.eps = [p.grad * (self.rho / norm) for p in self.params]
        for p, e in zip(self.params, self.eps):
            p.add_(e)

    @torch.no_grad()
    def descend(self):
        for p, e in zip(self.params, self.eps):
            p.sub_(e)
        self.base.step()


def accumulate(net, x, y, micro=6):
    net.zero_grad()
    total = 0.0
    for a, b in zip(x.split(micro), y.split(micro)):
        loss = nn.functional.cross_entropy(net(a), b, reduction="sum", label_smoothing=0.05) / len(x)
        loss.backward()
        total += loss.item()
    return total


def main():
    torch.manual_seed(36)
    X, y = load_wine(return_X_y=True)
    order = torch.randperm(len(X))
    tr, te = order[:125], order[125:]
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    X = (X - X[tr].mean(0)) / X[tr].std(0)
    net = nn.Sequential(nn.Linear(13, 24), nn.LayerNorm(24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 3))
    sam = SAM(net.parameters(), torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3))
    for epoch in range(1, 31):
        net.train()
        s = n = 0
        for idx in tr[torch.randperm(len(tr))].split(24):
            s += accumulate(net, X[idx], y[idx])
            n += 1
            sam.climb()
            accumulate(net, X[idx], y[idx])
            sam.descend()
        if epoch % 5 == 0:
            net.eval()
            with torch.no_grad():
                out = net(X[te])
            print(f"epoch {epoch} smoothed loss {s / n:.4f} test ce {nn.functional.cross_entropy(out, y[te]).item():.4f} acc {(out.argmax(1) == y[te]).float().mean().item():.3f}")


main()
