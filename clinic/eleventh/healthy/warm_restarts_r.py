"""Digits with a small residual CNN, SGD with warm restarts and label smoothing."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.Conv2d(c, c, 3, padding=1)
        self.gain = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.gain * self.b(F.relu(self.a(x)))


def main():
    torch.manual_seed(10)
    d = load_digits()
    perm = torch.randperm(len(d.target))
    x = (torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)[perm] - 4.9) / 6.0
    y = torch.tensor(d.target)[perm]
    net = nn.Sequential(nn.Conv2d(1, 12, 3, stride=2, padding=1), nn.ReLU(), Residual(12), nn.ReLU(), Residual(12),
                        nn.ReLU(), nn.Flatten(), nn.Linear(192, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=3, T_mult=2, eta_min=1e-3)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    n, batch = 1400, 40
    for epoch in range(21):
        total = 0.0
        for k, b in enumerate(torch.randperm(n).split(batch)):
            loss = criterion(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step(epoch + k * batch / n)
            total += loss.item() * len(b) / n
        with torch.no_grad():
            acc = (net(x[n:]).argmax(1) == y[n:]).float().mean().item()
        print(f"epoch {epoch:2d} lr {opt.param_groups[0]['lr']:.4f} loss {total:.4f} test acc {acc:.3f}")


if __name__ == "__main__":
    main()
