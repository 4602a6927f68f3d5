"""Snapshot ensemble: warm restarts of the rate, one copy of the network kept at the end of each cycle (digits)."""
import copy
import torch
from torch import nn
from sklearn.datasets import load_digits

CYCLES, CYCLE_EPOCHS, LR = 4, 6, 0.15


def data():
    d = load_digits()
    x = torch.tensor(d.data).float()
    x = (x - x.mean()) / x.std()
    y = torch.tensor(d.target)
    p = torch.randperm(len(x))
    return x[p[:1300]], y[p[:1300]], x[p[1300:]], y[p[1300:]]


def main():
    torch.manual_seed(30)
    x, y, xv, yv = data()
    net = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 10))
    opt = torch.optim.SGD(net.parameters(), lr=LR, momentum=0.9, weight_decay=1e-3)
    steps = CYCLE_EPOCHS * -(-len(x) // 50)
    sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=steps)
    kept = []
    for epoch in range(CYCLES * CYCLE_EPOCHS):
        net.train()
        tot = 0.0
        for i in torch.randperm(len(x)).split(50):
            loss = nn.functional.cross_entropy(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            tot += loss.item() * len(i)
        net.eval()
        with torch.no_grad():
            acc = (net(xv).argmax(1) == yv).float().mean()
        print(f"epoch {epoch + 1:2d} loss {tot / len(x):.4f} acc {acc:.3f}")
        if (epoch + 1) % CYCLE_EPOCHS == 0:
            kept.append(copy.deepcopy(net).requires_grad_(False))
            vote = torch.stack([m(xv).softmax(1) for m in kept]).mean(0)
            print(f"   snapshot {len(kept)}: ensemble accuracy {(vote.argmax(1) == yv).float().mean():.3f}")


main()
