"""Digit classifier trained in stages; the table holds the learning rate from each epoch on."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

STAGES = {
    0: 5e-2,
    8: 2e-2,
    14: 5.0,  # cure: 14: 5e-3,
    16: 1e-3,
}


def rate(epoch):
    return STAGES[max(e for e in STAGES if e <= epoch)]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.mid = nn.Conv2d(16, 16, 3, stride=2, padding=1)
        self.fc = nn.Linear(16 * 16, 10)

    def forward(self, x):
        x = F.elu(self.conv(x))
        x = F.elu(self.mid(x))
        return self.fc(x.flatten(1))


def main():
    torch.manual_seed(80)
    d = load_digits()
    x = torch.tensor(d.images / 16.0, dtype=torch.float32)[:, None]
    x = (x - x.mean()) / x.std()
    y = torch.tensor(d.target)
    p = torch.randperm(len(y))
    xa, ya, xb, yb = x[p[:1400]], y[p[:1400]], x[p[1400:]], y[p[1400:]]
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=rate(0))
    for epoch in range(18):
        for group in opt.param_groups:
            group["lr"] = rate(epoch)
        net.train()
        tot = 0.0
        for i in torch.randperm(1400).split(50):
            opt.zero_grad()
            loss = F.cross_entropy(net(xa[i]), ya[i])
            loss.backward()
            opt.step()
            tot += loss.item() / 28
        net.eval()
        with torch.no_grad():
            out = net(xb)
        print(f"epoch {epoch:2d} lr {rate(epoch):g} train {tot:.4f} test {F.cross_entropy(out, yb):.4f} "
              f"acc {(out.argmax(1) == yb).float().mean():.4f}")


main()
