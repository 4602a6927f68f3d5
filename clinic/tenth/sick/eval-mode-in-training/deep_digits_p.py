"""A deep, narrow network with batch norm on the digits, validated before the first and after every epoch."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def build(depth=10, width=48):
    mods = [nn.Linear(64, width)]
    for _ in range(depth):
        mods += [nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, width)]
    return nn.Sequential(*mods, nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, 10))


@torch.no_grad()
def validate(net, x, y):
    net.eval()
    z = net(x)
    return nn.functional.cross_entropy(z, y).item(), (z.argmax(1) == y).float().mean().item()


torch.manual_seed(20)
d = load_digits()
x = torch.tensor((d.data / 16 - 0.305) / 0.376, dtype=torch.float32)
xa, xb, ya, yb = train_test_split(x, torch.tensor(d.target), test_size=0.25, random_state=2, stratify=d.target)
net = build()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
EPOCHS = 14
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)
print("before training: loss %.3f acc %.3f" % validate(net, xb, yb))

for epoch in range(EPOCHS):
    # cure: net.train()
    total = 0.0
    for idx in torch.randperm(len(xa)).split(48):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xa[idx]), ya[idx])
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    sched.step()
    print("epoch %2d train %.4f" % (epoch + 1, total / len(xa)), "val loss %.4f acc %.4f" % validate(net, xb, yb))
