"""Inner or outer half of a Swiss roll? A small network decides for points in space."""
import torch
from torch import nn
from sklearn.datasets import make_swiss_roll


def sheets(n, seed):
    a, ta = make_swiss_roll(n, noise=0.15, random_state=seed)
    x = torch.tensor(a, dtype=torch.float32)
    y = (torch.tensor(ta) > 9.4).long()
    return x, y


def evaluate(net, x, y):
    net.eval()
    with torch.no_grad():
        return (net(x).argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(44)
    x, y = sheets(2000, 1)
    xv, yv = sheets(600, 2)
    mu, sd = x.mean(0), x.std(0)
    x, xv = (x - mu) / sd, (xv - mu) / sd
    net = nn.Sequential(nn.Linear(3, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 2))
    opt = torch.optim.SGD(net.parameters(), lr=0.15, momentum=0.5)
    ce = nn.CrossEntropyLoss()
    for epoch in range(25):
        net.train()
        opt.zero_grad()  # cure: delete
        total = 0.0
        for idx in torch.randperm(len(x)).split(40):
            # cure: opt.zero_grad()
            loss = ce(net(x[idx]), y[idx])
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        print(f"epoch {epoch:2d} loss {total / len(x):.4f} valid accuracy {evaluate(net, xv, yv):.3f}")


main()
