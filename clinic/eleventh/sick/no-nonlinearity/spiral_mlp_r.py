"""Three-arm spiral classification with a small configurable MLP."""
import math
import torch
from torch import nn

torch.manual_seed(3)


def build_mlp(sizes, act=nn.Identity, out_act=nn.Identity):
    layers = []
    for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
        layers += [nn.Linear(a, b), act() if i < len(sizes) - 2 else out_act()]
    return nn.Sequential(*layers)


def spirals(n):
    cls = torch.randint(0, 3, (n,))
    r = torch.rand(n).sqrt()
    phi = 4.0 * r + cls * 2 * math.pi / 3 + 0.12 * torch.randn(n)
    return torch.stack([r * phi.cos(), r * phi.sin()], 1) * 1.8, cls


x_train, y_train = spirals(1800)
x_test, y_test = spirals(900)

net = build_mlp([2, 64, 64, 3])  # cure: net = build_mlp([2, 64, 64, 3], act=nn.ReLU)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(30):
    total = 0.0
    for idx in torch.randperm(len(x_train)).split(64):
        opt.zero_grad()
        loss = criterion(net(x_train[idx]), y_train[idx])
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = (net(x_test).argmax(1) == y_test).float().mean().item()
        print(f"epoch {epoch + 1:2d}  train loss {total / len(x_train):.4f}  test acc {acc:.3f}")
