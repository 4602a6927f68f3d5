"""A deep plain network with batch norm on a checkerboard; validation after every epoch."""
import torch
from torch import nn


def checkerboard(n, cells=3):
    x = cells * torch.rand(n, 2)
    y = (x.floor().sum(1) % 2).long()
    return x - cells / 2, y


def build(depth=16, width=32):
    layers, d = [], 2
    for _ in range(depth):
        layers += [nn.Linear(d, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
        d = width
    return nn.Sequential(*layers, nn.Linear(d, 2))


def validate(model, x, y, loss_fn):
    model.eval()
    with torch.no_grad():
        out = model(x)
    return loss_fn(out, y).item(), (out.argmax(1) == y).float().mean().item()


def train_one_epoch(model, x, y, opt, loss_fn, batch=100):
    # cure: model.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(batch):
        opt.zero_grad()
        loss = loss_fn(model(x[idx]), y[idx])
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    return total / len(x)


torch.manual_seed(10)
x, y = checkerboard(3000)
xv, yv = checkerboard(800)
model = build()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [8, 12], gamma=0.3)
loss_fn = nn.CrossEntropyLoss()
print("before training: valid loss %.4f acc %.3f" % validate(model, xv, yv, loss_fn))
for epoch in range(14):
    train_loss = train_one_epoch(model, x, y, opt, loss_fn)
    sched.step()
    valid_loss, acc = validate(model, xv, yv, loss_fn)
    print("epoch %2d: train loss %.4f valid loss %.4f acc %.3f" % (epoch, train_loss, valid_loss, acc))
