"""Small CNN for digits with label smoothing and weight decay."""
import torch
from sklearn.datasets import load_digits
from torch import nn

CFG = dict(lr=0.05, momentum=0.9, weight_decay=0.2, epochs=12, batch=64, seed=29)  # cure: CFG = dict(lr=0.05, momentum=0.9, weight_decay=5e-4, epochs=12, batch=64, seed=29)


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 8, 3, padding=1)
        self.c2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.f1 = nn.Linear(16 * 16, 48)
        self.f2 = nn.Linear(48, 10)

    def forward(self, x):
        x = torch.relu(self.c1(x))
        x = torch.relu(self.c2(x)).flatten(1)
        return self.f2(torch.relu(self.f1(x)))


def batches(x, y, size):
    for b in torch.randperm(len(x)).split(size):
        yield x[b], y[b]


def train(cfg):
    torch.manual_seed(cfg["seed"])
    d = load_digits()
    x = torch.tensor(d.images / 6 - 0.8, dtype=torch.float32).unsqueeze(1)
    y = torch.tensor(d.target)
    order = torch.randperm(len(y))
    tr, va = order[:1380], order[1380:]
    net = CNN()
    crit = nn.CrossEntropyLoss(label_smoothing=0.05)
    opt = torch.optim.SGD(net.parameters(), cfg["lr"], momentum=cfg["momentum"], weight_decay=cfg["weight_decay"])
    for epoch in range(cfg["epochs"]):
        net.train()
        tot, k = 0.0, 0
        for xb, yb in batches(x[tr], y[tr], cfg["batch"]):
            loss = crit(net(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot, k = tot + loss.item(), k + 1
        net.eval()
        with torch.no_grad():
            out = net(x[va])
            print(f"epoch {epoch:2d}: loss {tot / k:.4f}, val loss {crit(out, y[va]).item():.4f}, "
                  f"val acc {(out.argmax(1) == y[va]).float().mean().item():.4f}")


train(CFG)
