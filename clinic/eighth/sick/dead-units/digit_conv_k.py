"""Small convolutional classifier for digits with its own weight initialisation."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(21)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16
y = torch.tensor(d.target)
order = torch.randperm(len(x))
x, y = x[order], y[order]
xt, yt, xv, yv = x[:1300], y[:1300], x[1300:], y[1300:]


def init(module):
    if isinstance(module, nn.Conv2d):
        bound = (6.0 / (module.in_channels * 9)) ** 0.5
        nn.init.uniform_(module.weight, -bound, 0)  # cure: nn.init.uniform_(module.weight, -bound, bound)
        nn.init.zeros_(module.bias)


net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(128, 10))
net.apply(init)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(8):
    net.train()
    tot = 0
    for idx in torch.randperm(1300).split(50):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xt[idx]), yt[idx])
        loss.backward()
        opt.step()
        tot += loss.item()
    net.eval()
    with torch.no_grad():
        acc = (net(xv).argmax(1) == yv).float().mean()
    print(f"{epoch}: loss {tot / 26:.4f} accuracy {acc:.4f}")
