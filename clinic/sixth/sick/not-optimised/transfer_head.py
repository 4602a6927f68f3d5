"""Pre-train on digits 0-4, then move the network to digits 5-9 with a new head and go on training."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(36)
X, Y = load_digits(return_X_y=True)
X, Y = torch.tensor(X / 8 - 1, dtype=torch.float32), torch.tensor(Y)


def task(classes):
    keep = torch.isin(Y, torch.tensor(classes))
    x, y = X[keep], Y[keep] - classes[0]
    perm = torch.randperm(len(x))
    cut = int(0.7 * len(x))
    return x[perm[:cut]], y[perm[:cut]], x[perm[cut:]], y[perm[cut:]]


class Learner:
    def __init__(self):
        self.net = nn.Sequential()
        self.net.add_module("trunk", nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU()))
        self.net.add_module("head", nn.Linear(16, 5))
        self.opt = self.make_optimizer()

    def make_optimizer(self):
        return torch.optim.Adam(self.net.parameters(), lr=5e-4)

    def new_task(self):
        self.net.trunk[2] = nn.Linear(32, 16)
        self.net.head = nn.Linear(16, 5)
        # cure: self.opt = self.make_optimizer()

    def fit(self, name, x, y, xv, yv, epochs):
        for epoch in range(1, epochs + 1):
            total = 0.0
            for idx in torch.randperm(len(x)).split(32):
                loss = F.cross_entropy(self.net(x[idx]), y[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                total += loss.item() * len(idx)
            with torch.no_grad():
                acc = (self.net(xv).argmax(1) == yv).float().mean().item()
            if epoch % 4 == 0:
                print(f"{name} epoch {epoch}: loss {total / len(x):.4f} accuracy {acc:.3f}")


learner = Learner()
learner.fit("0-4", *task([0, 1, 2, 3, 4]), epochs=12)
learner.new_task()
learner.fit("5-9", *task([5, 6, 7, 8, 9]), epochs=32)
